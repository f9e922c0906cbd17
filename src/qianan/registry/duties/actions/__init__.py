"""Everything that changes a duty, a chair or an instruction."""

from qianan.registry.duties.actions.chairs import (
    Left,
    NewPost,
    assign,
    end_post,
    equip_bodies,
    equip_businesses,
    hand_over,
    make_posts,
    rename,
    vacate_ended,
    vacate_posts,
)
from qianan.registry.duties.actions.climbing import escalate_overdue
from qianan.registry.duties.actions.extensions import ask_extension, decide_extension
from qianan.registry.duties.actions.instructions import acknowledge, send_instruction
from qianan.registry.duties.actions.promises import (
    NewDuty,
    cancel,
    cancel_many,
    discharge,
    discharge_many,
    open_duties,
    open_duty,
    reassign,
)

__all__ = [
    "Left",
    "NewDuty",
    "NewPost",
    "acknowledge",
    "ask_extension",
    "assign",
    "cancel",
    "cancel_many",
    "decide_extension",
    "discharge",
    "discharge_many",
    "end_post",
    "equip_bodies",
    "equip_businesses",
    "escalate_overdue",
    "hand_over",
    "make_posts",
    "open_duties",
    "open_duty",
    "reassign",
    "rename",
    "send_instruction",
    "vacate_ended",
    "vacate_posts",
]
