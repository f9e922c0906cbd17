"""`./qianan verify-trail`: prove that nothing in the trail was altered. Fails, and names the rows, when it was."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from qianan.doors.console.command import HouseCommand
from qianan.ground.trail import verification

KINDS = {
    "altered": "was altered after it was sealed",
    "missing": "was sealed and is no longer there",
    "added": "was never sealed and does not wait to be",
    "unproven": "stood in a link that is lost",
    "broken_link": "does not fit its content or the link before it",
    "lost_link": "is no longer there",
    "sealed_twice": "seals an entry a second time",
    "broken_head": "does not name the last link of its day",
    "lost_head": "is no longer there",
    "bad_signature": "is not signed with this instance's key",
}


class Command(HouseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--quiet", action="store_true", help="no progress")

    def handle(self, *args: Any, quiet: bool = False, **options: Any) -> None:
        began = said = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal said
            if not quiet and time.monotonic() - said > 1:
                said = time.monotonic()
                self.progress(f"{done:,} of {total:,} entries")

        report = verification.verify(tell)
        lines = [
            f"{report.entries:,} entries, {report.seals:,} links in {report.chains} chains, "
            f"{report.heads} signed heads, {report.unsealed} not sealed yet; {time.monotonic() - began:.1f} s"
        ]
        lines += [f"{fault.row} {KINDS[fault.kind]}" for fault in report.faults]
        if report.faulty > len(report.faults):
            lines.append(f"and {report.faulty - len(report.faults):,} more")
        lines.append("Nothing was altered." if report.good else f"{report.faulty:,} rows are not as they were written.")
        self.answer("\n".join(lines), report.as_dict())
        if not report.good:
            raise CommandError("the trail was altered")
