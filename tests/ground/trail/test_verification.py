"""Whatever one row is altered, taken away, added or put elsewhere: it is found, and named."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianan.ground.trail import actions, sealing
from qianan.ground.trail.models import Entry, Head, Seal, Unsealed
from qianan.ground.trail.verification import Fault, verify
from qianan.kernel.ids import NIL, month_of, uuid7
from tests.cast import MONDAY
from tests.ground.trail.news import CLOCK, kettle

pytestmark = pytest.mark.django_db
SHOP, CAFE = uuid7(MONDAY), uuid7(MONDAY)
TUESDAY = MONDAY + timedelta(days=1)


def act(
    number: int, *, business: uuid.UUID = SHOP, place: str = "110105001", at: datetime = MONDAY, note: str = ""
) -> Entry:
    event = kettle(number, business=business, place=place, litres=number, note=note)
    return actions.record(event, by=CLOCK, now=at + timedelta(seconds=number))


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """One signing key for the module: hypothesis makes hundreds of trails."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def trail(settings: Any, keys: Any) -> None:
    """Two districts and the city, two days, several links each, and two acts not sealed yet."""
    settings.QIANAN_KEYS = keys
    for day in (MONDAY, TUESDAY):
        for round in range(2):
            at = day + timedelta(hours=round)
            act(1, at=at)
            act(2, business=CAFE, at=at)
            act(3, at=at, place="110108002", note="茶")
            act(4, business=NIL, place="", at=at)
            sealing.seal_all(at + timedelta(minutes=5))
    act(8, at=TUESDAY + timedelta(hours=3))
    act(9, business=CAFE, at=TUESDAY + timedelta(hours=3))


def entry_name(entry: Entry) -> str:
    return f"entry {entry.id}" if entry.business_id == NIL else f"entry {entry.business_id}:{entry.id}"


def faults() -> list[Fault]:
    return verify().faults


def names() -> list[str]:
    return [fault.row for fault in faults()]


def test_an_honest_trail_is_good_and_counted(trail: None) -> None:
    seen: list[tuple[int, int]] = []

    report = verify(lambda done, total: seen.append((done, total)))

    assert report.good
    assert (report.entries, report.seals, report.chains, report.heads, report.unsealed) == (18, 12, 3, 6, 2)
    assert seen == [(18, 18)]
    assert report.as_dict()["good"] is True


def test_an_empty_trail_is_good() -> None:
    assert verify().as_dict() == {
        "good": True,
        "entries": 0,
        "seals": 0,
        "chains": 0,
        "heads": 0,
        "unsealed": 0,
        "faulty": 0,
        "faults": [],
    }


# -- one column of one row ------------------------------------------------------


def other(value: Any, field: models.Field) -> Any:
    """Another value that the column takes, as near to the first as can be."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=value.int ^ 1)
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, date):
        return value + timedelta(days=9)
    if isinstance(value, int):
        return value + 100
    if isinstance(value, dict):
        return value | {"litres": value.get("litres", 0) + 1}
    if isinstance(value, (bytes, memoryview)):
        raw = bytearray(bytes(value))
        raw[-1] ^= 1
        return bytes(raw)
    if not value:
        return "x"
    return value[:-1] + ("1" if value[-1] != "1" else "2")


def tables() -> Iterator[tuple[type[models.Model], str]]:
    for model in (Entry, Seal, Head, Unsealed):
        for field in model._meta.concrete_fields:
            yield model, field.attname


CASES = [pytest.param(model, column, id=f"{model.__name__}.{column}") for model, column in tables()]


def alter(row: models.Model, column: str) -> None:
    field = row._meta.get_field(column)
    assert type(row)._default_manager.filter(pk=row.pk).update(**{column: other(getattr(row, column), field)}) == 1


def expected(row: models.Model) -> set[str]:
    """The names under which an altered row may be called: as it was, or as it stands now."""
    if isinstance(row, Entry):
        return {entry_name(row)}
    if isinstance(row, Seal):
        return {f"seal {row.chain}/{row.number}"}
    if isinstance(row, Head):
        return {f"head {row.chain}/{row.day.isoformat()}"}
    assert isinstance(row, Unsealed)
    return {f"entry {row.business_id}:{row.id}" if row.business_id != NIL else f"entry {row.id}"}


@pytest.mark.parametrize(("model", "column"), CASES)
@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
def test_one_altered_column_is_found_and_its_row_is_named(
    trail: None, model: type[models.Model], column: str, which: int
) -> None:
    row = list(model._default_manager.order_by("pk"))[which]

    alter(row, column)

    found = names()
    assert found
    changed = {column} & {"business_id", "id", "month", "chain", "number", "day"}
    if column == "rows":  # what a broken link said of its entries proves nothing for them either
        assert expected(row) <= set(found)
    elif not changed:
        assert set(found) == expected(row)
    else:  # a row whose name was altered is known by the old name or by the new
        words = {str(getattr(row, "id", "")), str(getattr(row, "chain", "")) + "/"} - {"", "/"}
        fresh = {name for name in found if any(word in name for word in words)}
        assert fresh, found


@pytest.mark.parametrize("model", [Entry, Seal, Head, Unsealed])
def test_one_deleted_row_is_found_and_named(trail: None, model: type[models.Model]) -> None:
    for row in list(model._default_manager.order_by("pk")):
        with transaction.atomic():
            model._default_manager.filter(pk=row.pk).delete()
            assert expected(row) <= set(names()), row
            transaction.set_rollback(True)
    assert verify().good


def test_the_acts_of_a_lost_link_are_unproven_not_added(trail: None) -> None:
    Seal.objects.filter(chain="110108", number=2).delete()

    assert sorted((fault.kind, fault.row.split()[0]) for fault in faults()) == [
        ("lost_link", "seal"),
        ("unproven", "entry"),
    ]


def test_the_last_link_cannot_be_taken_away_with_its_acts(trail: None) -> None:
    last = Seal.objects.filter(chain="110108").order_by("-number").first()
    Entry.objects.filter(id=uuid.UUID(bytes=bytes(last.rows)[16:32])).delete()
    last.delete()

    assert faults() == [Fault("lost_link", "seal 110108/4", "110108")]


def test_an_entry_added_behind_the_sealers_back_is_named(trail: None) -> None:
    false = Entry.objects.first()
    false.id = uuid7(MONDAY)
    false.month = month_of(false.id)
    false.hash = sealing.content_hash(false)
    false.save(force_insert=True)

    assert faults() == [Fault("added", entry_name(false), sealing.chain_of(false))]


def test_a_second_copy_of_an_entry_in_another_month_is_named(trail: None) -> None:
    copy = Entry.objects.filter(business_id=CAFE).first()
    copy.month = 203001
    copy.hash = sealing.content_hash(copy)
    copy.save(force_insert=True)

    assert faults() == [Fault("added", entry_name(copy), "110105")]


def test_two_entries_that_changed_places_are_both_named(trail: None) -> None:
    one, two = Entry.objects.filter(business_id=SHOP, place_code="110105001")[:2]
    columns = ["news", "about", "place_code", "by", "seat", "via", "at", "body", "hash"]
    for here, there in ((one, two), (two, one)):
        Entry.objects.filter(pk=here.pk).update(**{column: getattr(there, column) for column in columns})

    assert set(faults()) == {Fault("altered", entry_name(each), "110105") for each in (one, two)}


def test_two_links_that_changed_places_are_both_named(trail: None) -> None:
    Seal.objects.filter(chain="110105", number=2).update(number=99)
    Seal.objects.filter(chain="110105", number=3).update(number=2)
    Seal.objects.filter(chain="110105", number=99).update(number=3)

    assert {fault.row for fault in faults()} >= {"seal 110105/2", "seal 110105/3"}


def test_rows_within_a_link_that_changed_places_are_named_by_their_link(trail: None) -> None:
    seal = Seal.objects.filter(chain="110105").first()
    rows = bytes(seal.rows)
    assert len(rows) == 2 * sealing.ROW
    Seal.objects.filter(pk=seal.pk).update(rows=rows[sealing.ROW :] + rows[: sealing.ROW])

    assert faults() == [Fault("broken_link", f"seal 110105/{seal.number}", "110105")]


def test_a_whole_chain_made_anew_is_found_by_its_heads(trail: None) -> None:
    """Somebody with the database but without the key rewrites a chain from its first link, hashes and all."""
    previous = sealing.GENESIS
    for seal in Seal.objects.filter(chain="110108").order_by("number"):
        entry = Entry.objects.get(id=uuid.UUID(bytes=bytes(seal.rows)[16:32]))
        entry.body = {"litres": 0, "note": "nothing happened"}
        entry.hash = sealing.content_hash(entry)
        Entry.objects.filter(pk=entry.pk).update(body=entry.body, hash=entry.hash)
        rows = sealing.pack([sealing.Mark(entry.business_id, entry.month, entry.id, "", entry.hash)])
        digest = sealing.digest_of(previous, seal.chain, seal.number, seal.at, rows)
        Seal.objects.filter(pk=seal.pk).update(previous=previous, rows=rows, digest=digest)
        previous = digest

    assert {(fault.kind, fault.row) for fault in faults()} == {
        ("broken_head", "head 110108/2026-11-02"),
        ("broken_head", "head 110108/2026-11-03"),
    }


def test_heads_signed_with_another_key_are_not_ours(trail: None, settings: Any, tmp_path: Any) -> None:
    settings.QIANAN_KEYS = tmp_path / "others"
    sealing.signing_key()

    assert {fault.kind for fault in faults()} == {"bad_signature"}
    assert len(faults()) == 6


def test_a_home_without_its_key_proves_nothing_and_makes_no_new_one(trail: None, settings: Any, tmp_path: Any) -> None:
    settings.QIANAN_KEYS = tmp_path / "none"

    assert {fault.kind for fault in faults()} == {"bad_signature"}
    assert not (tmp_path / "none").exists()


def test_an_act_sealed_twice_is_named_by_its_link(trail: None) -> None:
    entry = Entry.objects.filter(business_id=SHOP, place_code="110108002").first()
    Unsealed.objects.create(
        business_id=entry.business_id, month=entry.month, id=entry.id, chain="110108", hash=entry.hash
    )
    assert faults() == [Fault("sealed_twice", entry_name(entry), "110108")]

    sealing.seal_all(TUESDAY + timedelta(hours=5))
    assert faults() == [Fault("sealed_twice", "seal 110108/5", "110108")]


def test_the_same_client_id_in_two_businesses_is_no_fault(trail: None) -> None:
    same = uuid7(MONDAY)
    for owner in (SHOP, CAFE):
        actions.record(kettle(1, business=owner), by=CLOCK, now=MONDAY, id=same)

    assert verify().good
    sealing.seal_all(TUESDAY + timedelta(hours=5))
    assert verify().good


def test_a_great_heap_of_faults_is_counted_but_not_all_listed(trail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qianan.ground.trail.verification.SHOWN", 3)
    Entry.objects.update(via="nowhere")

    report = verify()

    assert (report.faulty, len(report.faults)) == (18, 3)


def test_pages_do_not_lose_a_row(trail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qianan.ground.trail.verification.CHUNK", 4)
    monkeypatch.setattr("qianan.ground.trail.verification.SEALS", 1)

    report = verify()

    assert report.good
    assert (report.entries, report.seals, report.unsealed) == (18, 12, 2)


# -- while the house works --------------------------------------------------------


def test_what_is_written_and_sealed_while_we_read_is_no_fault(trail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qianan.ground.trail.verification.CHUNK", 5)
    hours = iter(range(6, 100))

    def meanwhile(done: int, total: int) -> None:
        hour = next(hours)
        if hour < 20:
            for business, place in ((SHOP, "110105001"), (CAFE, "110105001"), (NIL, ""), (uuid7(MONDAY), "110101001")):
                act(hour, business=business, place=place, at=TUESDAY + timedelta(hours=hour))
            if hour % 2:
                sealing.seal_all(TUESDAY + timedelta(hours=hour))

    assert verify(meanwhile).faults == []
    assert verify().good


# -- any row, any column, any value ---------------------------------------------------


def _values(field: models.Field) -> st.SearchStrategy[Any]:
    text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=field.max_length or 20)
    if isinstance(field, models.UUIDField):
        return st.uuids()
    if isinstance(field, models.DateTimeField):
        return st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=MONDAY.tzinfo))
    if isinstance(field, models.DateField):
        return st.dates(date(1971, 1, 1), date(2100, 1, 1))
    if isinstance(field, models.IntegerField):
        return st.integers(-(2**31), 2**31 - 1)
    if isinstance(field, models.JSONField):
        return st.dictionaries(text, st.integers(-1000, 1000) | text, max_size=3)
    if isinstance(field, models.BinaryField):
        return st.binary(max_size=200)
    return text


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_change_to_any_column_of_any_row_is_found(trail: None, data: st.DataObject) -> None:
    _one_change(data)


@pytest.mark.long
@settings(
    max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_any_of_thousands_of_changes_is_found(trail: None, data: st.DataObject) -> None:
    _one_change(data)


def _one_change(data: st.DataObject) -> None:
    model, column = data.draw(st.sampled_from(list(tables())))
    rows = list(model._default_manager.order_by("pk"))
    row = data.draw(st.sampled_from(rows))
    field = row._meta.get_field(column)
    value = data.draw(_values(field))
    was = getattr(row, column)
    was = bytes(was) if isinstance(was, memoryview) else was
    if value == was:
        return
    try:
        with transaction.atomic():
            changed = model._default_manager.filter(pk=row.pk).update(**{column: value})
            assert changed == 1
            found = names()
            transaction.set_rollback(True)
    except DatabaseError:  # the database itself says no: such a row already stands there, or it can't be so
        return
    words = {str(getattr(row, "id", "-")), f" {getattr(row, 'chain', '-')}/", str(value)}
    assert any(word in name for name in found for word in words), (row, column, value, found)
    assert verify().good


def test_the_key_is_made_once_and_for_its_owner_only(settings: Any, tmp_path: Any) -> None:
    settings.QIANAN_KEYS = tmp_path / "keys"

    first = sealing.signing_key()

    assert sealing.public_hex(sealing.signing_key().public_key()) == sealing.public_hex(first.public_key())
    assert sealing.key_path().stat().st_mode & 0o777 == 0o600
    assert sealing.key_path().parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in sealing.key_path().parent.iterdir()] == ["trail-ed25519.pem"]


def test_a_file_that_is_no_key_is_said_so(settings: Any, tmp_path: Any) -> None:
    settings.QIANAN_KEYS = tmp_path
    sealing.key_path().write_bytes(b"not a key")

    with pytest.raises(ValueError):
        sealing.signing_key()
