"""Facts of businesses change; the trail keeps which, not what."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from stdnum.cn import uscc

from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, NotYours, Problem
from qianan.registry.businesses import access
from qianan.registry.businesses.actions.oversight import oversee_anew
from qianan.registry.businesses.events import BusinessChanged
from qianan.registry.businesses.models import Business, CreditCode
from qianan.registry.businesses.names import plain, spelled
from qianan.registry.businesses.newcomers import NewBusiness, Words, words_for
from qianan.tables import bulk

OWN = frozenset({"name_en", "headcount", "contact"})
"""What a business changes by itself; the rest is the registry's."""

CHANGEABLE = OWN | {"name_zh", "industry", "venue", "place_code", "is_landlord", "credit_code"}


def change_business(business: Business, *, by: Actor, now: datetime, **fields: Any) -> Business:
    """Change facts of one business; see `change_businesses`."""
    return change_businesses([(business, fields)], by=by, now=now)[0]


@transaction.atomic
def change_businesses(
    changes: Sequence[tuple[Business, Mapping[str, Any]]], *, by: Actor, now: datetime
) -> list[Business]:
    """Change facts of businesses: {field: value} each; the trail keeps the names of the fields, not their values.

    A new place or trade brings new outside owners (`oversee_anew`). A credit code may be filled in, never replaced.
    Its manager may change contact, English name and headcount; the rest is for officers of the registry.
    Values that are already so change nothing and are not told.
    """
    words = words_for(str(fields["place_code"]) for _, fields in changes if "place_code" in fields)
    problems: list[Problem] = []
    touched: list[tuple[Business, Mapping[str, Any], tuple[str, ...]]] = []
    for number, (business, fields) in enumerate(changes):
        names = tuple(sorted(name for name, value in fields.items() if _differs(business, name, value)))
        if not names:
            continue
        problems += _may_change(business, fields, names, words, str(number), by)
        touched.append((business, fields, names))
    if problems:
        raise InvalidMany(problems) if len(problems) > 1 else problems[0]
    codes = []
    anew = []
    for business, fields, names in touched:
        for name in names:
            _set(business, name, fields[name])
        if "credit_code" in names:
            codes.append(CreditCode(code=business.credit_code, business_id=business.id))
        if {"place_code", "industry", "venue"} & set(names):
            anew.append(business)
    try:
        with transaction.atomic():
            bulk.insert(codes)
    except IntegrityError:
        raise Conflict("credit_code_taken", where="credit_code") from None
    oversee_anew(anew, now=now)
    bulk.update(
        [business for business, _, _ in touched],
        [
            "credit_code", "name_zh", "name_en", "pinyin", "initials", "industry", "venue", "place_code", "line",
            "headcount", "contact", "is_landlord",
        ],
    )  # fmt: skip
    record_many(
        [
            BusinessChanged(about=business.ref, place_code=business.place_code, fields=names)
            for business, _, names in touched
        ],
        by=by,
        now=now,
    )
    return [business for business, _ in changes]


def _clean(name: str, value: Any) -> Any:
    if name == "credit_code":
        return str(value).strip().upper()
    return plain(value) if isinstance(value, str) else value


def _differs(business: Business, name: str, value: Any) -> bool:
    if name not in CHANGEABLE:
        raise Invalid("unknown_field", where=name)
    held = (business.industry_id or "") if name == "industry" else getattr(business, name)
    return bool(held != _clean(name, value))


def _set(business: Business, name: str, value: Any) -> None:
    value = _clean(name, value)
    if name == "industry":
        business.industry_id = value or None
        return
    setattr(business, name, value)
    if name == "name_zh":
        business.pinyin, business.initials = spelled(value)


def _may_change(
    business: Business, fields: Mapping[str, Any], names: Sequence[str], words: Words, where: str, by: Actor
) -> Iterator[Problem]:
    officer = access.can_register(by, business.place_code)
    if not officer and not (access.can_manage(by, business) and set(names) <= OWN):
        yield NotYours("not_your_business", where=where)
        return
    if "place_code" in names and not access.can_register(by, str(fields["place_code"])):
        yield NotYours("not_your_area", where=f"{where}.place_code")
    changed = {name: fields[name] for name in names}
    probe = NewBusiness(
        name_zh=str(changed.get("name_zh", "-")),
        place_code=str(changed.get("place_code", "")) or business.place_code,
        name_en=str(changed.get("name_en", "")),
        industry=str(changed.get("industry", "")),
        venue=str(changed.get("venue", "")),
        headcount=changed.get("headcount"),
        contact=str(changed.get("contact", "")),
    )
    known = Words(words.places | {business.place_code}, words.venues, words.tags, words.tiers)
    yield from known.of_business(probe, where)
    if "credit_code" in changed:
        code = str(changed["credit_code"]).strip().upper()
        if business.credit_code:
            yield Conflict("credit_code_fixed", where=f"{where}.credit_code", value=business.credit_code)
        elif not uscc.is_valid(code):
            yield Invalid("bad_credit_code", where=f"{where}.credit_code", value=code[:40])
        elif CreditCode.objects.filter(code=code).exists():
            yield Conflict("credit_code_taken", where=f"{where}.credit_code", value=code)
