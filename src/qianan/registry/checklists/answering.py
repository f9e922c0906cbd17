"""Answers against an edition: what is missing, what is not allowed, and what they come to.

Answers come by item code: `"p"` for short, or `{"a": "f", "note": "…", "photos": ["<sha256>", …]}`; a repeated section
by its own code as a list of such mappings: `{"cylinders": [{"valve": "p"}, {"valve": "f"}]}`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qianan.kernel.problems import Invalid, Problem
from qianan.registry.checklists.document import day_from
from qianan.registry.checklists.editions import Edition, ItemView, SectionView

NOTE_LIMIT, TEXT_LIMIT, PHOTO_LIMIT = 500, 2000, 9
NUMBER_LIMIT = 1_000_000_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_WHOLE = re.compile(r"-?\d{1,13}\Z", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,13}(?:\.\d{1,6})?\Z", re.ASCII)
_WORST = {"f": 0, "o": 1, "p": 2, "n": 3, "v": 4, "-": 5}


@dataclass(frozen=True, slots=True)
class Fail:
    """An item that was not passed: what a hazard is made of. `level` is general or suggest_major; `place` counts the
    instance in a repeated section from 1 (0 elsewhere)."""

    item_code: str
    position: int
    text_zh: str
    text_en: str
    level: str
    category: str
    note: str
    photos: tuple[str, ...]
    basis_codes: tuple[str, ...]
    place: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """`letters`: one an item in document order: p, f, n, o, `v` (a value in `sparse`), `-` (not asked or not
    answered). `sparse`: by item code {"a": value?, "note"?, "photos"?}, repeated sections as lists. `score` of `most`.
    """

    letters: str
    sparse: dict[str, Any]
    fails: tuple[Fail, ...]
    problems: list[Problem]
    score: float = 0.0
    most: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(slots=True)
class _Given:
    """One answer as it came, cleaned."""

    text: str = ""
    value: Any = None
    note: str = ""
    photos: tuple[str, ...] = ()


@dataclass(slots=True)
class _Pass:
    edition: Edition
    today: date
    letters: list[str]
    sparse: dict[str, Any] = field(default_factory=dict)
    fails: list[Fail] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    score: float = 0.0
    most: float = 0.0
    texts: dict[str, str] = field(default_factory=dict)


def check(edition: Edition, answers: Mapping[str, Any], *, today: date | None = None, partly: bool = False) -> Checked:
    """Check answers against the edition they were filled in against. Never raises; `problems` lists what is wrong,
    each Invalid with `where` = the item's code (`section.2.item` in a repeat):

    "answers_not_a_mapping", "unknown_item", "unknown_response", "wrong_type", "out_of_range", "answer_needed",
    "not_asked", "constraint" (params zh, en), "note_needed", "photo_needed", "photo_or_note_needed", "too_long",
    "control_characters", "bad_photo", "too_many_photos", "too_many_repeats".

    `today` is the day at the site when it was filled in, for `today()`. `partly` lets a draft leave things open.
    An answer to an item that its condition does not ask is refused, so that nothing hidden is kept.
    """
    if (plain := _letters_only(edition, answers)) is not None:
        return plain
    run = _Pass(edition, today or date(1970, 1, 1), ["-"] * len(edition.items))
    if not isinstance(answers, Mapping):
        return Checked("".join(run.letters), {}, (), [Invalid("answers_not_a_mapping")])
    known = {code for code, item in edition.by_code.items() if not item.repeat} | {
        section.code for section in edition.sections if section.repeat_max
    }
    run.problems += [
        Invalid("unknown_item", where=str(code)[:60])
        for code in answers
        if not isinstance(code, str) or code not in known
    ]
    for section in edition.sections:
        asked = section.relevant is None or section.relevant.holds(lookup=run.texts.get, today=run.today)
        if section.repeat_max:
            _repeat(run, section, answers.get(section.code), asked, partly)
        else:
            kept = _items(run, section.items, answers, asked, partly, "", 0)
            run.sparse.update(kept)
    for problem in _constraints(run, [(item, "") for item in edition.items if not item.repeat], run.texts):
        run.problems.append(problem)
    return Checked("".join(run.letters), run.sparse, tuple(run.fails), run.problems, run.score, run.most)


def _letters_only(edition: Edition, answers: Any) -> Checked | None:
    """The commonest check of all, where everything passes: nothing but letters that need nothing beside them.

    None when it is not that plain; then every rule is looked at.
    """
    asked = edition.letters_only
    if asked is None or not isinstance(answers, Mapping):
        return None
    letters: list[str] = []
    answered, score, most = 0, 0.0, 0.0
    for item in asked:
        answer = answers.get(item.code)
        if answer is None and not item.required and item.code not in answers:
            letters.append("-")
            continue
        if type(answer) is not str or (points := item.letters.get(answer)) is None:
            return None
        letters.append(answer)
        answered += 1
        score += points[0]
        most += points[1]
    if answered != len(answers):
        return None
    return Checked("".join(letters), {}, (), [], score, most)


def _repeat(run: _Pass, section: SectionView, given: Any, asked: bool, partly: bool) -> None:
    if given is None:
        given = []
    if not isinstance(given, Sequence) or isinstance(given, (str, bytes)):
        run.problems.append(Invalid("wrong_type", where=section.code))
        return
    if len(given) > section.repeat_max:
        run.problems.append(Invalid("too_many_repeats", where=section.code, limit=section.repeat_max))
        return
    if given and not asked:
        run.problems.append(Invalid("not_asked", where=section.code))
        return
    if not given and asked and not partly and any(item.required for item in section.items):
        run.problems.append(Invalid("answer_needed", where=section.code))
        return
    outside = run.texts
    rows = []
    for number, row in enumerate(given, start=1):
        where = f"{section.code}.{number}."
        if not isinstance(row, Mapping):
            run.problems.append(Invalid("wrong_type", where=where.rstrip(".")))
            continue
        own = {item.code for item in section.items}
        run.problems += [Invalid("unknown_item", where=f"{where}{str(code)[:60]}") for code in row if code not in own]
        run.texts = dict(outside)
        rows.append(_items(run, section.items, row, asked, partly, where, number))
        run.problems += _constraints(run, [(item, where) for item in section.items], run.texts)
    run.texts = outside
    if rows:
        run.sparse[section.code] = rows


def _items(
    run: _Pass,
    items: Sequence[ItemView],
    answers: Mapping[str, Any],
    asked: bool,
    partly: bool,
    prefix: str,
    place: int,
) -> dict[str, Any]:
    """Read these items; gives what is kept beside the letters (in a repeat: the letters' own answers too)."""
    kept: dict[str, Any] = {}
    for item in items:
        where = f"{prefix}{item.code}"
        wanted = asked and (item.relevant is None or item.relevant.holds(lookup=run.texts.get, today=run.today))
        given = _given(run, item, answers.get(item.code), where)
        if given is None:
            if wanted and item.required and not partly and not _unreadable(answers.get(item.code)):
                run.problems.append(Invalid("answer_needed", where=where))
            continue
        if not wanted:
            run.problems.append(Invalid("not_asked", where=where))
            continue
        run.texts[item.code] = given.text
        letter = given.text if item.answer == "select" else "v"
        held = run.letters[item.position]
        run.letters[item.position] = letter if not place else min(held, letter, key=lambda each: _WORST[each])
        row: dict[str, Any] = {}
        if item.answer != "select" or place:
            row["a"] = given.value
        if given.note:
            row["note"] = given.note
        if given.photos:
            row["photos"] = list(given.photos)
        if row:
            kept[item.code] = row
        _consequences(run, item, given, where, place, partly)
    return kept


def _unreadable(raw: Any) -> bool:
    """Whether something was answered that could not be read (then that is said, not that it is missing)."""
    return (raw.get("a") if isinstance(raw, Mapping) else raw) not in (None, "")


def _given(run: _Pass, item: ItemView, raw: Any, where: str) -> _Given | None:
    """The answer as it is kept, or None when there is none or it is wrong (then it is said)."""
    if raw is None:
        return None
    row = raw if isinstance(raw, Mapping) else {"a": raw}
    before = len(run.problems)
    if unknown := [key for key in row if key not in {"a", "note", "photos"}]:
        run.problems.append(Invalid("wrong_type", where=where, value=str(unknown[0])[:40]))
    answer = row.get("a")
    note = _note(run, row.get("note", ""), where)
    photos = _photos(run, row.get("photos", ()), where)
    if answer is None or answer == "":
        if note or photos:
            run.problems.append(Invalid("answer_needed", where=where))
        return None
    given = _Given(note=note, photos=photos)
    for problem in _read(item, answer, given, where):
        run.problems.append(problem)
    return given if len(run.problems) == before else None


def _note(run: _Pass, note: Any, where: str) -> str:
    if note is None:
        return ""
    if not isinstance(note, str):
        run.problems.append(Invalid("wrong_type", where=where))
        return ""
    if len(note) > NOTE_LIMIT:
        run.problems.append(Invalid("too_long", where=where, limit=NOTE_LIMIT))
    elif _CONTROL.search(note):
        run.problems.append(Invalid("control_characters", where=where))
    return note.strip()


def _photos(run: _Pass, photos: Any, where: str) -> tuple[str, ...]:
    if photos is None:
        return ()
    if not isinstance(photos, (list, tuple)):
        run.problems.append(Invalid("wrong_type", where=where))
        return ()
    if len(photos) > PHOTO_LIMIT:
        run.problems.append(Invalid("too_many_photos", where=where, limit=PHOTO_LIMIT))
        return ()
    if any(not isinstance(each, str) or not _SHA256.match(each) for each in photos):
        run.problems.append(Invalid("bad_photo", where=where))
        return ()
    return tuple(dict.fromkeys(photos))


def _read(item: ItemView, answer: Any, given: _Given, where: str) -> Iterator[Problem]:
    """Fill in text (for expressions) and value (to be kept), or say what is wrong."""
    if item.answer == "select":
        if not isinstance(answer, str):
            yield Invalid("wrong_type", where=where)
        elif answer not in item.responses or item.responses[answer].retired:
            yield Invalid("unknown_response", where=where, value=answer[:20])
        else:
            given.text = given.value = answer
        return
    if item.answer in {"integer", "decimal"}:
        yield from _number(item, answer, given, where)
        return
    if not isinstance(answer, str):
        yield Invalid("wrong_type", where=where)
    elif item.answer == "date":
        day = day_from(answer)
        if day is None:
            yield Invalid("wrong_type", where=where)
        else:
            given.text = given.value = day.isoformat()
    elif len(answer) > TEXT_LIMIT:
        yield Invalid("too_long", where=where, limit=TEXT_LIMIT)
    elif _CONTROL.search(answer):
        yield Invalid("control_characters", where=where)
    else:
        given.text = given.value = answer.strip()


def _number(item: ItemView, answer: Any, given: _Given, where: str) -> Iterator[Problem]:
    rule = _WHOLE if item.answer == "integer" else _DECIMAL
    text = answer.strip() if isinstance(answer, str) else ""
    if isinstance(answer, bool) or not isinstance(answer, (str, int, float)):
        yield Invalid("wrong_type", where=where)
        return
    if isinstance(answer, (int, float)):
        if not -NUMBER_LIMIT <= answer <= NUMBER_LIMIT:  # not-a-number, too
            yield Invalid("out_of_range", where=where)
            return
        text = str(int(answer)) if answer == int(answer) else format(answer, "f")
    if not rule.match(text):
        yield Invalid("wrong_type", where=where)
    elif not -NUMBER_LIMIT <= float(text) <= NUMBER_LIMIT:
        yield Invalid("out_of_range", where=where)
    else:
        given.text = text
        given.value = int(text) if item.answer == "integer" else float(text)


def _consequences(run: _Pass, item: ItemView, given: _Given, where: str, place: int, partly: bool) -> None:
    """Score, evidence rule, and what is found."""
    response = item.responses.get(given.text)
    if response is None:
        return
    if response.verdict != "n/a":
        run.score += response.score
        run.most += max((each.score for each in item.responses.values()), default=0.0)
    rule = response.evidence
    if not partly:
        if rule == "photo_or_note" and not (given.note or given.photos):
            run.problems.append(Invalid("photo_or_note_needed", where=where))
        if rule in {"photo", "photo_and_note"} and not given.photos:
            run.problems.append(Invalid("photo_needed", where=where))
        if rule in {"note", "photo_and_note"} and not given.note:
            run.problems.append(Invalid("note_needed", where=where))
    if response.verdict == "fail":
        run.fails.append(
            Fail(
                item_code=item.code,
                position=item.position,
                text_zh=item.text_zh,
                text_en=item.text_en,
                level=item.hazard_level or response.hazard_level or "general",
                category=item.category,
                note=given.note,
                photos=given.photos,
                basis_codes=item.basis_codes,
                place=place,
            )
        )


def _constraints(run: _Pass, items: Sequence[tuple[ItemView, str]], texts: Mapping[str, str]) -> Iterator[Problem]:
    """Constraints may ask for any answer of the list, so they are asked when all are there."""
    for item, prefix in items:
        if item.constraint is None or not texts.get(item.code):
            continue
        if not item.constraint.holds(own=texts[item.code], lookup=texts.get, today=run.today):
            yield Invalid("constraint", where=f"{prefix}{item.code}", zh=item.constraint_zh, en=item.constraint_en)


def unpack(edition: Edition, letters: str, sparse: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers of a kept submission by item code, as they can be shown and edited: {"a", "note", "photos"}."""
    found: dict[str, dict[str, Any]] = {}
    for item, letter in zip(edition.items, letters, strict=False):
        if item.repeat or letter == "-":
            continue
        row = dict(sparse.get(item.code, {}))
        row.setdefault("a", letter)
        found[item.code] = row
    return found


def fails_in(edition: Edition, letters: str, sparse: Mapping[str, Any]) -> tuple[Fail, ...]:
    """What a kept submission found, from its letters: for pages; `check` says the same when it is handed in."""
    answers: dict[str, Any] = dict(unpack(edition, letters, sparse))
    for section in edition.sections:
        if section.repeat_max and section.code in sparse:
            answers[section.code] = sparse[section.code]
    return check(edition, answers, partly=True).fails
