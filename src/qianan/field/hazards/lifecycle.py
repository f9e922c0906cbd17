"""The lifecycle of a hazard (隐患闭环), from the statutory list: found, graded, fixed, handed in, reviewed, closed.

Special supervision, double report, suspension, extension and plan run beside the state and are rows.
"""

from qianan.kernel.lifecycle import Lifecycle

HAZARD = Lifecycle(
    "hazard",
    {
        "found": ("rated", "rejected", "transferred"),
        "rated": ("rectifying", "rated", "rejected", "transferred"),
        "rectifying": ("handed_in", "rated", "transferred"),
        "handed_in": ("accepted", "rectifying"),
        "accepted": ("closed", "rectifying"),
        "closed": ("rectifying",),
        "rejected": ("found",),
        "transferred": ("found", "closed"),
    },
)
"""rated → rated is a changed rating (its second person is checked by access); closed → rectifying is a re-opening."""

OPEN = frozenset({"found", "rated", "rectifying", "handed_in", "accepted", "transferred"})
UNFIXED = frozenset({"found", "rated", "rectifying"})
FIXED = frozenset({"handed_in", "accepted", "closed"})
CLOSED = frozenset({"closed", "rejected"})
MACRO = {
    "found": "open",
    "rated": "open",
    "rectifying": "open",
    "handed_in": "fixed",
    "accepted": "fixed",
    "closed": "closed",
    "rejected": "closed",
    "transferred": "open",
}
"""The three states that statistics and Open311 speak of."""

LEVELS = ("unrated", "general", "major")

RECTIFICATION = Lifecycle(
    "rectification",
    {
        "ordered": ("handed_in", "withdrawn"),
        "handed_in": ("accepted", "returned"),
        "returned": ("handed_in", "withdrawn"),
        "accepted": (),
        "withdrawn": (),
    },
)
SUPERVISION = Lifecycle("supervision", {"listed": ("lifted",), "lifted": ()})
TRANSFER = Lifecycle(
    "transfer", {"sent": ("received", "declined"), "received": ("answered",), "answered": (), "declined": ()}
)
