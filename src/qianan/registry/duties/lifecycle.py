"""A duty is open until it is discharged or cancelled; an extension is asked and decided."""

from qianan.kernel.lifecycle import Lifecycle

DUTY = Lifecycle("duty", {"open": ("discharged", "cancelled"), "discharged": (), "cancelled": ()})
EXTENSION = Lifecycle("extension", {"asked": ("granted", "refused"), "granted": (), "refused": ()})
OPEN = frozenset({"open"})
RUNGS = ("shop", "street", "district", "city")
"""Rung 0 to 3 of the ladder along the three-musts line."""

KINDS = (
    "rating",
    "rectification",
    "verification",
    "silence",
    "instruction",
    "claim",
    "double_report",
    "plan",
    "supervision",
    "transfer",
)
"""Every kind of promise there is; days and rungs for each are rows of the codebook."""

EXTENDABLE = frozenset({"rectification", "plan", "supervision", "rating", "verification"})
"""For these more time may be asked. Silence ends by checking, an order by reading it."""
