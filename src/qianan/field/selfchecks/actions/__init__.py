"""Everything that changes a self-check, by act: owing, missing, handing in, reviewing."""

from qianan.field.selfchecks.actions.missing import miss_overdue
from qianan.field.selfchecks.actions.owing import begin_day, make_occurrences, resume_checks, stop_checks, waive
from qianan.field.selfchecks.actions.receiving import Handed, Result, receive_submission, receive_submissions
from qianan.field.selfchecks.actions.reviewing import accept_submission, return_submission, settle_conflict

__all__ = [
    "Handed",
    "Result",
    "accept_submission",
    "begin_day",
    "make_occurrences",
    "miss_overdue",
    "receive_submission",
    "receive_submissions",
    "resume_checks",
    "return_submission",
    "settle_conflict",
    "stop_checks",
    "waive",
]
