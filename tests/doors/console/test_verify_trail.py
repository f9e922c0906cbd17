"""`./qianan verify-trail`: words or JSON on stdout, progress on stderr, non-zero when a row was altered."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from qianan.ground.trail import actions, sealing
from qianan.ground.trail.events import TicketRetried
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.ref import Ref
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    from qianan.doors.console.management.commands import verify_trail

    monkeypatch.setattr(verify_trail.Command, "prepares", False)
    entries = actions.record_many(
        [TicketRetried(about=Ref.of("trail.entry", NIL, number)) for number in range(3)],
        by=Actor.system(),
        now=MONDAY,
    )
    sealing.seal_all(MONDAY)
    return entries


def test_an_honest_trail_is_said_to_be_so(acts: list[Entry]) -> None:
    out, err = StringIO(), StringIO()

    call_command("verify_trail", stdout=out, stderr=err)

    lines = out.getvalue().splitlines()
    assert lines[0].startswith("3 entries, 1 links in 1 chains, 1 signed heads, 0 not sealed yet; ")
    assert lines[1] == "Nothing was altered."
    assert err.getvalue() == ""


def test_with_json_there_is_nothing_but_json(acts: list[Entry]) -> None:
    out = StringIO()

    call_command("verify_trail", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {
        "good": True,
        "entries": 3,
        "seals": 1,
        "chains": 1,
        "heads": 1,
        "unsealed": 0,
        "faulty": 0,
        "faults": [],
    }


def test_an_altered_row_is_named_and_the_command_fails(acts: list[Entry]) -> None:
    Entry.objects.filter(pk=acts[1].pk).update(via="nowhere")
    out, as_json = StringIO(), StringIO()

    with pytest.raises(CommandError):
        call_command("verify_trail", stdout=out)
    with pytest.raises(CommandError):
        call_command("verify_trail", "--json", stdout=as_json)

    assert f"entry {acts[1].id} was altered after it was sealed" in out.getvalue()
    assert json.loads(as_json.getvalue())["faults"] == [
        {"kind": "altered", "row": f"entry {acts[1].id}", "chain": "city"}
    ]


def test_every_kind_of_fault_has_words() -> None:
    import re
    from pathlib import Path

    from qianan.doors.console.management.commands.verify_trail import KINDS
    from qianan.ground.trail import verification

    said = set(re.findall(r'\.say\(\s*"(\w+)"', Path(verification.__file__).read_text()))
    assert said | {"unproven", "added"} == set(KINDS)
