"""`./qianan add-admin LOGIN`: make the first operator of an instance; the password is asked for, or read from stdin."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from qianan.doors.console.command import HouseCommand
from qianan.doors.kit.now import now
from qianan.ground.accounts import actions
from qianan.kernel.actor import Actor


class Command(HouseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("login")
        parser.add_argument("--name", default="", help="the name that people see; default: the login")
        parser.add_argument("--mobile", default=None)

    def handle(self, *args: Any, login: str, name: str, mobile: str | None, **options: Any) -> None:
        secret = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(secret)
        except ValidationError as weak:
            raise CommandError(" ".join(weak.messages)) from weak
        by, at = Actor.system("setup"), now()
        person = actions.add_person(login=login, name=name or login, mobile=mobile, password=secret, by=by, now=at)
        today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        actions.take_seat(person, role="admin", place_code=settings.QIANAN_CITY, since=today, by=by, now=at)
        self.answer(f"{login} may sign in as operator", {"person": str(person.id), "login": login})
