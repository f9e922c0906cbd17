"""Everything that changes a hazard or a fact beside it."""

from qianan.field.hazards.actions.closing import (
    Closing,
    Verdict,
    close_hazard,
    close_many,
    reopen,
    review,
    show_result,
    verify,
    verify_many,
)
from qianan.field.hazards.actions.fixing import (
    HandIn,
    ask_extension,
    decide_extension,
    hand_in,
    hand_in_many,
    order_rectification,
    reassign,
    set_interim,
)
from qianan.field.hazards.actions.majors import make_plan, receive_double_report, send_double_report
from qianan.field.hazards.actions.rating import rate, reject
from qianan.field.hazards.actions.reports import NewHazard, add_photos, report_hazard, report_hazards
from qianan.field.hazards.actions.supervision import lift_supervision, resume_work, supervise, suspend_work
from qianan.field.hazards.actions.transfers import receive_transfer, transfer

__all__ = [
    "Closing",
    "HandIn",
    "NewHazard",
    "Verdict",
    "add_photos",
    "ask_extension",
    "close_hazard",
    "close_many",
    "decide_extension",
    "hand_in",
    "hand_in_many",
    "lift_supervision",
    "make_plan",
    "order_rectification",
    "rate",
    "reassign",
    "receive_double_report",
    "receive_transfer",
    "reject",
    "reopen",
    "report_hazard",
    "report_hazards",
    "resume_work",
    "review",
    "send_double_report",
    "set_interim",
    "show_result",
    "supervise",
    "suspend_work",
    "transfer",
    "verify",
    "verify_many",
]
