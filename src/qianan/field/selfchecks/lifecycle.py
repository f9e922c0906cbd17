"""An owed check is due, then done in time, done late, missed, or waived with a reason."""

from qianan.kernel.lifecycle import Lifecycle

OCCURRENCE = Lifecycle(
    "occurrence",
    {
        "due": ("done", "late", "missed", "waived"),
        "missed": ("late", "waived"),
        "done": (),
        "late": (),
        "waived": ("due",),
    },
)
"""due → missed when the day and its grace are over; missed → late when it still comes in."""

SUBMISSION = Lifecycle("submission", {"complete": ("accepted", "returned"), "accepted": (), "returned": ("complete",)})
OWED = frozenset({"due", "missed"})
ANSWERED = frozenset({"done", "late"})
