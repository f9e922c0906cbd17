"""Filling in a list: every item a card on one page, sent once under an id that the page carries.

The id is made when the form is made, so a form that is sent twice is taken once; pictures are kept at the first try
and come along on the next. What the list asks, and of whom, is the edition's; nothing is decided here.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qianan.doors.kit import dates, words
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.now import now
from qianan.doors.kit.photos import Picture, take_in
from qianan.field.selfchecks import access
from qianan.field.selfchecks import actions as selfchecks
from qianan.field.selfchecks import queries as owed_checks
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotYours, Problem
from qianan.registry.businesses import queries as businesses
from qianan.registry.checklists import answering
from qianan.registry.checklists import queries as checklists

ICONS = {"pass": "check", "fail": "cross", "n/a": "na", "observe": "eye"}
KINDS = {"pass": "pass", "fail": "fail", "n/a": "na", "observe": "na"}
REPEATS = 6
"""Blocks of a repeated section on one page; the list's own limit may be lower."""


@dataclass
class Card:
    """One item as the page shows it: the question, what was answered, what is wrong with it."""

    item: Any
    name: str
    where: str
    answer: str = ""
    note: str = ""
    kept: list[Picture] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def choices(self) -> list[dict[str, Any]]:
        return [
            {"row": each, "icon": ICONS.get(each.verdict, "na"), "kind": KINDS.get(each.verdict, "na")}
            for each in self.item.choices
        ]

    @property
    def open(self) -> bool:
        """Whether note and pictures stand open: something is in them, or something is wanted."""
        chosen = self.item.responses.get(self.answer)
        return bool(self.note or self.kept or self.errors or (chosen is not None and chosen.evidence))


@dataclass
class Block:
    """A section, or one of a repeated section's things."""

    section: Any
    cards: list[Card]
    number: int = 0


@dataclass
class Sheet:
    """The whole form: its id, the cards, how many more blocks were asked for."""

    id: uuid.UUID
    started_at: datetime
    edition: Any
    blocks: list[Block]
    repeats: dict[str, int]
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def cards(self) -> list[Card]:
        return [card for block in self.blocks for card in block.cards]


@signed_in
@require_http_methods(["GET", "POST"])
def owed(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """An owed check, due today or still to be made up."""
    actor = actor_of(request)
    occurrence = owed_checks.occurrence_for(actor, business, id)
    site = businesses.site_for(actor, business, occurrence.site_id)
    if occurrence.state in {"done", "late"} and occurrence.submission_id and request.method == "GET":
        return redirect("phone:submission", business, occurrence.submission_id)
    if not access.can_fill_in(actor, site.business_id):
        raise NotYours("business_only")
    return _fill(request, site, checklists.current(occurrence.checklist), occurrence=occurrence)


@signed_in
@require_http_methods(["GET", "POST"])
def voluntary(request: HttpRequest, business: uuid.UUID, site: uuid.UUID, code: str) -> HttpResponse:
    """A list filled in though it is not owed now: a principal's own round, a look after closing."""
    actor = actor_of(request)
    place = businesses.site_for(actor, business, site)
    if not access.can_fill_in(actor, place.business_id):
        raise NotYours("business_only")
    return _fill(request, place, checklists.current(code))


def _fill(request: HttpRequest, site: Any, edition: Any, *, occurrence: Any = None) -> HttpResponse:
    if request.method == "POST" and request.POST.get("version"):
        edition = checklists.edition(request.POST["version"])
    sheet = _sheet(request, edition)
    if request.method == "POST" and "more" not in request.POST:
        response = _send(request, sheet, site, occurrence)
        if response is not None:
            return response
    given = {
        "sheet": sheet,
        "edition": edition,
        "site": site,
        "business": site.business,
        "occurrence": occurrence,
        "late": occurrence is not None and occurrence.misses_at <= now(),
        "minutes": max(1, round(float(edition.document.get("minutes") or 1))),
    }
    return render(request, "phone/check.html", given, status=422 if sheet.errors else 200)


# -- the form ------------------------------------------------------------------------


def _sheet(request: HttpRequest, edition: Any) -> Sheet:
    """A fresh form, or the one that came in, with all that was typed and every picture kept."""
    asked = request.POST
    repeats: dict[str, int] = {}
    blocks: list[Block] = []
    sheet = Sheet(_own_id(asked.get("id", "")), _moment(asked.get("started", "")), edition, blocks, repeats)
    for section in edition.sections:
        if not section.repeat_max:
            blocks.append(Block(section, [_card(request, item, item.code, item.code, sheet) for item in section.items]))
            continue
        most = min(section.repeat_max, REPEATS)
        count = max(1, min(most, _count(asked.get(f"repeat-{section.code}", "1"))))
        if asked.get("more") == section.code:
            count = min(most, count + 1)
        repeats[section.code] = count
        for number in range(1, count + 1):
            cards = [
                _card(
                    request, item, f"{section.code}.{number}.{item.code}", f"{section.code}.{number}.{item.code}", sheet
                )
                for item in section.items
            ]
            blocks.append(Block(section, cards, number))
    return sheet


def _card(request: HttpRequest, item: Any, name: str, where: str, sheet: Sheet) -> Card:
    card = Card(item, name, where)
    if request.method != "POST":
        return card
    card.answer = request.POST.get(f"a-{name}", "").strip()
    card.note = request.POST.get(f"n-{name}", "").strip()
    try:
        card.kept = take_in(request, f"p-{name}")
    except Problem as problem:
        card.errors.append(words.say_problem(problem))
        sheet.errors.append((where, words.say_problem(problem)))
    return card


def _own_id(text: str) -> uuid.UUID:
    """The id that the form carries; a new one for a new form or for an id that is none of ours."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return uuid7(now())
    return found if found.version == 7 else uuid7(now())


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return now()
    return found if found.tzinfo is not None else now()


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 1


# -- sending ---------------------------------------------------------------------------


def _answers(sheet: Sheet, left_out: frozenset[str]) -> dict[str, Any]:
    """What was typed as the room takes it: by item code, a repeated section as a list; empty answers left out."""
    found: dict[str, Any] = {}
    for block in sheet.blocks:
        given = {
            card.item.code: _answer(card) for card in block.cards if card.where not in left_out and _is_answered(card)
        }
        if block.number:
            found.setdefault(block.section.code, []).append(given)
        else:
            found |= given
    return found


def _is_answered(card: Card) -> bool:
    return bool(card.answer or card.note or card.kept)


def _answer(card: Card) -> Mapping[str, Any]:
    row: dict[str, Any] = {"a": card.answer}
    if card.note:
        row["note"] = card.note
    if card.kept:
        row["photos"] = [each.sha256 for each in card.kept]
    return row


def _asked_only(sheet: Sheet, today: date) -> dict[str, Any]:
    """Answers without those to items whose condition does not ask them: without script every item stands there."""
    left_out: frozenset[str] = frozenset()
    for _round in range(5):
        answers = _answers(sheet, left_out)
        hidden = {
            each.where
            for each in answering.check(sheet.edition, answers, today=today).problems
            if each.code == "not_asked"
        }
        if not hidden:
            return answers
        left_out |= hidden
    return _answers(sheet, left_out)


def _send(request: HttpRequest, sheet: Sheet, site: Any, occurrence: Any) -> HttpResponse | None:
    """Hand the sheet in; the receipt's page when it was taken, None when something is to be mended."""
    if sheet.errors:
        return None
    actor, at = actor_of(request), now()
    handed = selfchecks.Handed(
        id=sheet.id,
        business_id=site.business_id,
        site_id=site.id,
        version_id=sheet.edition.version_id,
        answers=_asked_only(sheet, dates.today()),
        started_at=sheet.started_at,
        sent_at=at,
        facts={"door": "phone-pages"},
        day=occurrence.due_day if occurrence is not None else None,
    )
    result = selfchecks.receive_submission(handed, by=actor, now=at)
    if result.status in {"received", "same"}:
        if result.status == "same":
            messages.info(request, _("This was sent before and is here already. It was not taken twice."))
        return redirect("phone:submission", site.business_id, sheet.id)
    if result.status == "conflict":
        messages.warning(
            request,
            _("This form was sent before with other answers. The first stands; the second is kept beside it."),
        )
        return redirect("phone:submission", site.business_id, sheet.id)
    _mark(sheet, result.problems)
    return None


def _mark(sheet: Sheet, problems: list[Problem]) -> None:
    """Put each problem on its card; one that belongs to no card stops the form."""
    by_where = {card.where: card for card in sheet.cards}
    for problem in problems:
        card = by_where.get(problem.where)
        said = words.say_problem(problem)
        if card is not None:
            card.errors.append(said)
            sheet.errors.append((card.where, said))
        elif isinstance(problem, (Invalid, Conflict)):
            sheet.errors.append(("", said))
        else:
            raise problem
