"""Codes and ids with their names, looked up for a whole page at once."""

import uuid
from collections.abc import Iterable

from qianan.doors.api.shapes import Coded, Name, PersonOut
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.kernel.problems import NotFound


def coded_places(codes: Iterable[str]) -> dict[str, Coded]:
    """Places by code; one that is not known bears its code as its name."""
    wanted = set(codes)
    named = places.names_of(wanted)
    return {
        code: Coded(code=code, name=Name.of(named[code]) if code in named else Name(zh=code, en=code))
        for code in wanted
    }


def coded_line(code: str) -> Coded | None:
    """A department by its line; None for ""."""
    if not code:
        return None
    try:
        return Coded(code=code, name=Name.of(codebook.department(code)))
    except NotFound:
        return Coded(code=code, name=Name(zh=code, en=code))


def coded_term(kind: str, code: str) -> Coded | None:
    """A word of a list (venue, tag, tier); None for ""."""
    if not code:
        return None
    try:
        return Coded(code=code, name=Name.of(codebook.term(kind, code)))
    except NotFound:
        return Coded(code=code, name=Name(zh=code, en=code))


def coded_trades(codes: Iterable[str]) -> dict[str, Coded]:
    wanted = {code for code in codes if code}
    named = codebook.industry_names(wanted)
    return {
        code: Coded(code=code, name=Name.of(named[code]) if code in named else Name(zh=code, en=code))
        for code in wanted
    }


def coded_bodies(codes: Iterable[str]) -> dict[str, Coded]:
    wanted = {code for code in codes if code}
    found = accounts.bodies(wanted) if wanted else {}
    return {
        code: Coded(code=code, name=Name.of(found[code]) if code in found else Name(zh=code, en=code))
        for code in wanted
    }


def people(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, PersonOut]:
    """People by id; erased ones are "—"."""
    wanted = set(ids)
    return {id: PersonOut(id=id, name=name) for id, name in accounts.names_of_people(wanted).items()} if wanted else {}


def person_of_ref(text: str) -> uuid.UUID | None:
    """The person of `accounts.person::<id>`; None for the house itself."""
    noun, _, id = text.rpartition(":")
    if not noun.startswith("accounts.person"):
        return None
    try:
        return uuid.UUID(id)
    except ValueError:
        return None


def people_of_refs(texts: Iterable[str]) -> dict[str, PersonOut]:
    """People by the refs that rows keep."""
    ids = {text: id for text in set(texts) if (id := person_of_ref(text)) is not None}
    named = people(ids.values())
    return {text: named[id] for text, id in ids.items()}
