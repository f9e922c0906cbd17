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
        "transferred": ("found", "rated", "rectifying", "handed_in"),
    },
)
"""rated → rated is a changed rating (its second person is checked by access); closed → rectifying is a re-opening.

A transfer is between offices: it ends where it began, and what the business owes runs on meanwhile.
"""

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
STAGES = ("before", "after", "proof", "receipt", "plan")
"""What a photo or paper on a hazard shows."""

WHEN = {
    "add_photos": OPEN | {"closed"},
    "rate": frozenset({"found", "rated", "rectifying"}),
    "reject": frozenset({"found", "rated"}),
    "order_rectification": frozenset({"rated"}),
    "reassign": frozenset({"rectifying"}),
    "set_interim": UNFIXED | {"transferred"},
    "ask_extension": frozenset({"rectifying"}),
    "decide_extension": frozenset({"rectifying", "transferred"}),
    "hand_in": frozenset({"rectifying", "transferred"}),
    "verify": frozenset({"handed_in"}),
    "review": frozenset({"handed_in", "accepted"}),
    "close": frozenset({"accepted"}),
    "reopen": frozenset({"accepted", "closed", "rejected"}),
    "show_result": frozenset({"closed"}),
    "send_double_report": OPEN,
    "receive_double_report": OPEN | {"closed"},
    "make_plan": OPEN,
    "supervise": OPEN,
    "lift_supervision": OPEN,
    "suspend_work": OPEN,
    "resume_work": OPEN,
    "transfer": frozenset({"found", "rated", "rectifying"}),
    "receive_transfer": OPEN,
}
"""Act → the states in which it may be done. Who may is access.py's other half; doors ask `access.acts_open_to`."""

ACTS = tuple(WHEN)
MAJOR_ONLY = frozenset({"review", "send_double_report", "receive_double_report", "make_plan", "supervise"})
OFFICIAL = frozenset({"inspection", "officer", "tipoff", "replay"})
"""Origins that speak for the regulator: the business cannot reject what they found."""

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
UNDER_WAY = frozenset({"ordered", "handed_in", "returned"})
"""A rectification that is neither accepted nor withdrawn: a hazard has one at most."""

SUPERVISION = Lifecycle("supervision", {"listed": ("lifted",), "lifted": ()})
TRANSFER = Lifecycle(
    "transfer", {"sent": ("received", "declined"), "received": ("answered",), "answered": (), "declined": ()}
)
