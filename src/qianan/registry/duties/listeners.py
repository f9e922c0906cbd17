"""What duties do about news: chairs are set up and taken, claims are owed an answer, and people are told.

Letters go to whoever answers for a chair today; nobody is written to about the own act, nor about old news.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from qianan.ground.accounts import actions as account_actions
from qianan.ground.accounts import queries as accounts
from qianan.ground.notices.actions import Letter, is_old_news, write
from qianan.ground.trail.models import Entry
from qianan.ground.trail.queries import entry_of
from qianan.kernel.actor import BUSINESS_ROLES, Actor
from qianan.kernel.ids import NIL, uuid7_of
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import actions, ladder, queries
from qianan.registry.duties.actions import Left, NewDuty
from qianan.registry.duties.chairs import ROLE_CHAIRS, codes_above, industry_code_of, territory_code
from qianan.registry.duties.letters import body_names, desk_of_letters, names_of, others, post_in
from qianan.registry.duties.models import Extension, Instruction, Order

HOUSE = Actor.system("wiring")


# -- chairs ---------------------------------------------------------------------------


def equip_new_businesses(entries: Sequence[Entry], *, now: datetime) -> None:
    """BusinessRegistered: its five usual chairs are set up."""
    actions.equip_businesses([(entry.business_id, ladder.day_of(entry.at)) for entry in entries], by=HOUSE, now=now)


def equip_new_bodies(entries: Sequence[Entry], *, now: datetime) -> None:
    """BodyAdded: head and inspector are set up."""
    actions.equip_bodies([(Ref.parse(entry.about).id, ladder.day_of(entry.at)) for entry in entries], by=HOUSE, now=now)


def seat_people(entries: Sequence[Entry], *, now: datetime) -> None:
    """SeatTaken: a seat without a chair is tied to the one of its role; an officer's to the inspector's."""
    loose = [entry for entry in entries if not entry.body.get("post")]
    if not loose:
        return
    shops = [entry for entry in loose if entry.body["role"] in ROLE_CHAIRS and entry.business_id != NIL]
    actions.equip_businesses([(entry.business_id, ladder.day_of(entry.at)) for entry in shops], by=HOUSE, now=now)
    houses = queries.chairs_of([entry.business_id for entry in shops], on=ladder.day_of(now))
    pairs: list[tuple[uuid.UUID, uuid.UUID]] = []
    for entry in shops:
        chair = houses[entry.business_id].of(ROLE_CHAIRS[entry.body["role"]])
        if chair is not None:
            pairs.append((Ref.parse(entry.about).uuid, chair.id))
    officers = {
        Ref.parse(entry.about).uuid: entry
        for entry in loose
        if entry.body["role"] not in BUSINESS_ROLES and entry.body["role"] != "admin"
    }
    bodies = accounts.bodies_of_seats(list(officers))
    actions.equip_bodies([(code, ladder.day_of(officers[seat].at)) for seat, code in bodies.items()], by=HOUSE, now=now)
    offices = queries.offices_of(bodies.values(), on=ladder.day_of(now))
    for seat, code in bodies.items():
        if chair := offices[code].of("inspector"):
            pairs.append((seat, chair.id))
    account_actions.assign_post(pairs, by=HOUSE, now=now)


def notice_empty_chairs(entries: Sequence[Entry], *, now: datetime) -> None:
    """SeatLeft: when nobody sits on the chair any more, what hung on it falls to the next, and the trail says so."""
    left = []
    for entry in entries:
        post = entry.body.get("post")
        if not post:
            continue
        id = uuid7_of(f"{entry.id}/vacated", entry.at)
        if entry_of(entry.business_id, id) is None:
            left.append(Left(uuid.UUID(post), f"accounts.person::{entry.body['person']}", id))
    actions.vacate_posts(left, by=HOUSE, now=now)


# -- claims ---------------------------------------------------------------------------


def owe_answers_to_claims(entries: Sequence[Entry], *, now: datetime) -> None:
    """ClaimAsked: the street's counter owes an answer."""
    owners = businesses.businesses_by_ids(entry.business_id for entry in entries)
    streets = {entry.id: territory_code("street", entry.place_code) for entry in entries}
    offices = queries.offices_of([code for code in streets.values() if code], on=ladder.day_of(now))
    new = []
    for entry in entries:
        business = owners.get(entry.business_id)
        counter = queries.counter_of(offices.get(streets[entry.id]))
        new.append(
            NewDuty(
                business_id=entry.business_id,
                kind="claim",
                about=_claim(entry),
                place_code=entry.place_code,
                line=business.line if business else "",
                owner_post=counter.id if counter else None,
                subject=business.name_zh if business else "",
                now=entry.at,
            )
        )
    done = {str(_claim(entry)) for entry in entries if queries.duties_about(_claim(entry)).exists()}
    actions.open_duties([each for each in new if str(each.about) not in done], by=HOUSE, now=now)


def _claim(entry: Entry) -> Ref:
    return Ref("businesses.claim", entry.business_id, entry.body["claim"])


def answer_claims(entries: Sequence[Entry], *, now: datetime) -> None:
    """ClaimDecided: the answer was given; who asked is told."""
    actions.discharge_many(
        [(_claim(entry), "claim") for entry in entries], by=HOUSE, now=[entry.at for entry in entries]
    )
    fresh = [entry for entry in entries if not is_old_news(entry.at, now)]
    owners = businesses.businesses_by_ids(entry.business_id for entry in fresh)
    write(
        [
            Letter(
                person=_person(entry.body["person"]),
                kind="claim_decided",
                about=Ref.parse(entry.about),
                source=f"{entry.id}:claim_decided",
                params={
                    **names_of(owners.get(entry.business_id)),
                    "approved": entry.body["approved"],
                    "reason": entry.body["reason"],
                },
                place_code=entry.place_code,
                business_id=entry.business_id,
            )
            for entry in fresh
        ],
        by=HOUSE,
        now=now,
    )


def _person(text: str) -> uuid.UUID:
    return Ref.parse(text).uuid if ":" in text else uuid.UUID(text)


# -- letters about duties ---------------------------------------------------------------


def tell_of_new_duties(entries: Sequence[Entry], *, now: datetime) -> None:
    """DutyOpened: whoever answers for the chair is told what is owed until when. Orders and returns are told apart."""
    wanted = [entry for entry in entries if entry.body["kind"] != "instruction" and not entry.body.get("again")]
    desk = desk_of_letters(wanted, now=now, posts=[entry.body["owner"] for entry in wanted])
    write(
        [
            desk.letter(entry, person, "duty_opened", urgent=duty.level == "major")
            for entry in desk.entries
            if (duty := desk.duty(entry)) and duty.state == "open"
            for person in others(entry, desk.people(post_in(entry.body["owner"])))
        ],
        by=HOUSE,
        now=now,
    )


def tell_of_reminders(entries: Sequence[Entry], *, now: datetime) -> None:
    """DutyReminded: the principal, and whoever owes it."""
    desk = desk_of_letters(entries, now=now, posts=[entry.body["post"] for entry in entries])
    write(
        [
            desk.letter(entry, person, "duty_reminded")
            for entry in desk.entries
            if (duty := desk.duty(entry)) and duty.state == "open"
            for person in desk.people(post_in(entry.body["post"]), duty.owner_post)
        ],
        by=HOUSE,
        now=now,
    )


def tell_of_climbs(entries: Sequence[Entry], *, now: datetime) -> None:
    """DutyEscalated: who sits on the rung; from the district up also the bureau of the line (管行业必须管安全)."""
    desk = desk_of_letters(entries, now=now, posts=[entry.body["post"] for entry in entries])
    if not desk.entries:
        return
    bureaus = {}
    for entry in desk.entries:
        duty = desk.duty(entry)
        role = {2: "district", 3: "city"}.get(entry.body["rung"], "")
        if duty and (code := industry_code_of(role, duty.line, duty.place_code)):
            bureaus[entry.id] = code
    offices = queries.offices_of(bureaus.values(), on=ladder.day_of(now))
    bodies = accounts.bodies({entry.body["body"] for entry in desk.entries} | set(bureaus.values()))
    letters = []
    for entry in desk.entries:
        code = entry.body["body"]
        people = desk.people(post_in(entry.body["post"]))
        bureau = offices.get(bureaus.get(entry.id, ""))
        heads = bureau.first_occupied("head", "inspector") if bureau else None
        for person in dict.fromkeys([*people, *(heads.persons if heads else ())]):
            letters.append(
                desk.letter(
                    entry,
                    person,
                    "duty_escalated",
                    urgent=entry.body["level"] == "major",
                    rung=entry.body["rung"],
                    days_late=entry.body["days_late"],
                    **body_names(bodies.get(code), code),
                )
            )
    write(letters, by=HOUSE, now=now)


def tell_of_reassignments(entries: Sequence[Entry], *, now: datetime) -> None:
    """DutyReassigned: whoever has it now."""
    desk = desk_of_letters(entries, now=now, posts=[entry.body["to_post"] for entry in entries])
    write(
        [
            desk.letter(entry, person, "duty_reassigned")
            for entry in desk.entries
            for person in others(entry, desk.people(post_in(entry.body["to_post"])))
        ],
        by=HOUSE,
        now=now,
    )


def tell_heirs(entries: Sequence[Entry], *, now: datetime) -> None:
    """PostVacated: one letter to those to whom it all falls, with how much it is."""
    fresh = [entry for entry in entries if not is_old_news(entry.at, now) and entry.body["to_post"]]
    if not fresh:
        return
    heirs = queries.who([post_in(entry.body["to_post"]) for entry in fresh], on=ladder.day_of(now))
    titles = queries.names_of_posts(Ref.parse(entry.about).uuid for entry in fresh)
    owners = businesses.businesses_by_ids(entry.business_id for entry in fresh if entry.business_id != NIL)
    letters = []
    for entry in fresh:
        post, heir = Ref.parse(entry.about).uuid, heirs.get(Ref.parse(entry.body["to_post"]).uuid)
        title = titles.get(post)
        for each in heir.answering if heir else ():
            letters.append(
                Letter(
                    person=each.person,
                    kind="seat_left",
                    about=Ref.parse(entry.about),
                    source=f"{entry.id}:seat_left",
                    params={
                        "who_person": str(_person(entry.body["person"])) if entry.body.get("person") else "",
                        "post_zh": title.zh if title else "",
                        "post_en": title.en if title else "",
                        "number": entry.body["duties"],
                        **names_of(owners.get(entry.business_id)),
                    },
                    place_code=entry.place_code,
                    business_id=entry.business_id,
                )
            )
    write(letters, by=HOUSE, now=now)


# -- letters about more time --------------------------------------------------------------


def tell_of_requests(entries: Sequence[Entry], *, now: datetime) -> None:
    """ExtensionAsked: the office that has the duty now: the street, or the rung to which it climbed."""
    desk = desk_of_letters(entries, now=now)
    if not desk.entries:
        return
    asked = _extensions(desk.entries)
    chains = {}
    for entry in desk.entries:
        duty = desk.duty(entry)
        if duty is not None:
            codes = codes_above(duty.place_code)
            chains[entry.id] = codes[max(duty.rung - 1, 0) :] or codes
    offices = queries.offices_of({code for chain in chains.values() for code in chain}, on=ladder.day_of(now))
    letters = []
    for entry in desk.entries:
        row = asked.get(uuid.UUID(entry.body["extension"]))
        counters = (offices[code].first_occupied("inspector", "head") for code in chains[entry.id])
        counter = next((each for each in counters if each is not None), None)
        if row is None or row.state != "asked" or counter is None:
            continue
        letters += [
            desk.letter(entry, person, "extension_asked", until=row.until.isoformat(), reason=row.reason)
            for person in counter.persons
        ]
    write(letters, by=HOUSE, now=now)


def tell_of_decisions(entries: Sequence[Entry], *, now: datetime) -> None:
    """ExtensionDecided: who owes it, who answers for it, who asked."""
    desk = desk_of_letters(entries, now=now)
    if not desk.entries:
        return
    decided = _extensions(desk.entries)
    letters = []
    for entry in desk.entries:
        row, duty = decided.get(uuid.UUID(entry.body["extension"])), desk.duty(entry)
        if row is None or duty is None:
            continue
        asker = [Ref.parse(row.asked_by).uuid] if row.asked_by.startswith("accounts.person:") else []
        for person in dict.fromkeys([*asker, *desk.people(duty.owner_post, duty.accountable_post)]):
            letters.append(
                desk.letter(
                    entry,
                    person,
                    "extension_decided",
                    granted=entry.body["granted"],
                    until=entry.body["until"],
                    was=entry.body["was"],
                    note=row.note,
                    reason=row.reason,
                )
            )
    write(letters, by=HOUSE, now=now)


def _extensions(entries: Iterable[Entry]) -> dict[uuid.UUID, Extension]:
    some = list(entries)
    rows = Extension.objects.filter(
        business_id__in={entry.business_id for entry in some}, id__in=[entry.body["extension"] for entry in some]
    )
    return {row.id: row for row in rows}


# -- letters with instructions ---------------------------------------------------------------


def hand_out_instructions(entries: Sequence[Entry], *, now: datetime) -> None:
    """InstructionReceived: the managers of each business; a person of many shops gets one digest."""
    fresh = [entry for entry in entries if not is_old_news(entry.at, now)]
    if not fresh:
        return
    orders = Order.objects.filter(
        business_id__in={entry.business_id for entry in fresh}, id__in=[Ref.parse(entry.about).id for entry in fresh]
    )
    by_id = {order.id: order for order in orders}
    sent = Instruction.objects.in_bulk({order.instruction_id for order in by_id.values()})
    bodies = accounts.bodies({row.body_code for row in sent.values() if row.body_code})
    readers = queries.recipients_of([entry.business_id for entry in fresh], on=ladder.day_of(now))
    owners = businesses.businesses_by_ids(entry.business_id for entry in fresh)
    letters: list[Letter] = []
    for entry in fresh:
        order = by_id.get(Ref.parse(entry.about).uuid)
        if order is None:
            continue
        instruction = sent[order.instruction_id]
        body = bodies.get(instruction.body_code)
        kind = "urge" if order.urge else "instruction"
        for person in readers.get(entry.business_id, ()):
            letters.append(
                Letter(
                    person=person,
                    kind=kind,
                    about=Ref.parse(entry.about),
                    source=f"{entry.id}:{kind}",
                    params={
                        "text": order.text,
                        "phone": body.phone if body else "",
                        **body_names(body, instruction.body_code),
                        **names_of(owners.get(entry.business_id)),
                    },
                    place_code=entry.place_code,
                    business_id=entry.business_id,
                    ack_by=order.ack_by,
                    urgent=order.urge,
                )
            )
    write(letters, by=HOUSE, now=now)
