"""The rights matrix: who may ask what about Lao Wang's shop, at every page and every operation of the API.

`matrix.csv` is the law of the house: a line for each page (by URL name) and operation (by id), a column for each
relation (`world.PEOPLE`). QIANAN_DRAW_MATRIX=1 writes it anew, to be read line by line before it is kept.
"""

import csv
import os
from pathlib import Path

import pytest

from tests.cast import Street
from tests.doors.rights.asking import drive
from tests.doors.rights.routes import operations, pages
from tests.doors.rights.world import PEOPLE, build

MATRIX = Path(__file__).with_name("matrix.csv")
SIGNED_IN = [name for name in PEOPLE if name != "nobody"]
Rows = dict[tuple[str, str], dict[str, str]]


def table() -> Rows:
    with MATRIX.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["name"], row["method"]): {person: row[person] for person in PEOPLE} for row in rows}


def write(rows: Rows) -> None:
    with MATRIX.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["name", "method", *PEOPLE])
        for (name, method), row in sorted(rows.items()):
            out.writerow([name, method, *(row[person] for person in PEOPLE)])


def test_every_page_and_operation_has_a_line() -> None:
    named = {name for name, _ in table()}

    assert sorted((set(pages()) | set(operations())) - named) == [], "a new address needs its line in matrix.csv"
    assert sorted(named - set(pages()) - set(operations())) == [], "these addresses are no more"


@pytest.mark.slow
@pytest.mark.django_db
def test_the_doors_keep_the_matrix(street: Street, settings: pytest.FixtureRequest) -> None:
    settings.QIANAN_API_PER_MINUTE = 10_000_000  # type: ignore[attr-defined]
    found = drive(build(street))
    if os.environ.get("QIANAN_DRAW_MATRIX"):
        write(found)
    wanted = table()

    assert sorted(set(found) ^ set(wanted)) == []
    wrong = [
        f"{name} {method} as {person}: {found[name, method][person]}, the matrix says {wanted[name, method][person]}"
        for name, method in sorted(wanted)
        for person in PEOPLE
        if found[name, method][person] != wanted[name, method][person]
    ]
    assert wrong == []


# -- what holds whatever the lines say -----------------------------------------------------

OPEN = {"api:docs", "api:openapi"}


def test_no_cell_is_a_fault_of_ours() -> None:
    assert [(key, row) for key, row in table().items() if any(cell.startswith("5") for cell in row.values())] == []


def test_nobody_unknown_gets_into_the_api() -> None:
    let_in = [key for key, row in table().items() if key[0] in operations() and row["nobody"] != "in"]

    assert let_in == []


def test_nobody_unknown_gets_further_than_the_doors_that_are_open_to_all() -> None:
    let_in = {name for (name, _), row in table().items() if row["nobody"] not in {"in", "way", "none", "no"}}

    assert {name for name in let_in if name.partition(":")[0] in {"phone", "desk"}} == set()


ABOUT_THE_SHOP = ("{business}", "<uuid:business>")


def test_who_has_nothing_to_do_with_the_shop_does_not_even_see_that_it_is_there() -> None:
    """A stranger, another shop's principal, an officer elsewhere: as if nothing were there (404), or 403."""
    addresses = {name: path for name, (_, path) in operations().items()} | pages()
    wrong = [
        (name, method, person, row[person])
        for (name, method), row in table().items()
        for person in ("stranger", "other_principal", "other_street")
        if any(mark in addresses[name] for mark in ABOUT_THE_SHOP) and row[person] not in {"none", "no", "way"}
        if (name, person) not in EXCEPTIONS
    ]
    assert wrong == []


EXCEPTIONS: set[tuple[str, str]] = {
    ("claims_get_claim", "stranger"),  # his own claim
    ("claims_decide_claim", "stranger"),  # his own claim: seen, not decided
}
"""Where the shop's address is open to one of them, and why."""
