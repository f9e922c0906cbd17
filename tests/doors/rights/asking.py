"""How each address is asked about Lao Wang's shop: the ids in its path, the body of an act, what the answer means."""

import re
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from qianan.registry.businesses import importing
from tests.cast import MONDAY
from tests.doors.rights.routes import operations, pages
from tests.doors.rights.world import PEOPLE, World

STATE_OF = {
    "rate": "found",
    "reject": "found",
    "order-rectification": "rated",
    "reassign": "rectifying",
    "set-interim": "rectifying",
    "hand-in": "rectifying",
    "verify": "handed_in",
    "close": "accepted",
    "reopen": "closed",
    "show-result": "closed",
    "ask-extension": "rectifying",
    "decide-extension": "asked",
    "send-double-report": "major",
    "receive-double-report": "reported",
    "make-plan": "major",
    "review": "major_handed_in",
    "supervise": "major",
    "lift-supervision": "listed",
    "suspend-work": "major",
    "resume-work": "stopped",
    "transfer": "rectifying",
    "add-photos": "found",
    "receive-transfer": "sent",
}
"""Act → the hazard that stands where the act is due."""

LATER = "2026-11-20T18:00:00+08:00"


def bodies(world: World) -> dict[str, Any]:
    """A body with which each act would be done, by its operation."""
    ids, shop = world.ids, str(world.ids["business"])
    plan = dict.fromkeys(("responsibility", "measures", "funds", "time_limit", "contingency"), "办好")
    site = str(ids["site"])
    handed = {"id": "019a4243-6c80-7000-8000-00000000abcd", "site": site, "version": ids["version"]}
    handed["answers"] = ids["answers"]
    pause = {"state": "paused", "reason": "装修", "from_day": "2026-11-03", "until_day": "2026-11-10"}
    special = {"duty_type": "special", "body": "dept:fire:110105", "line": "fire", "basis": "专项"}
    officers = [str(world.actors["district"].person), str(ids["second"])]
    return {
        "hazards_rate": {"level": "general", "reason": "看过"},
        "hazards_reject": {"reason": "看错了"},
        "hazards_order_rectification": {},
        "hazards_reassign": {"owner_post": str(ids["to_post"])},
        "hazards_set_interim": {"text": "拉线"},
        "hazards_hand_in": {"note": "好了"},
        "hazards_verify": {"accept": True},
        "hazards_close": {"note": "销号"},
        "hazards_reopen": {"reason": "又坏了"},
        "hazards_show_result": {"how": "meeting"},
        "hazards_ask_extension": {"until": LATER, "reason": "等配件"},
        "hazards_decide_extension": {"grant": True},
        "hazards_send_double_report": {"side": "workers", "text": "停用", "how": "meeting"},
        "hazards_receive_double_report": {"side": "regulator"},
        "hazards_make_plan": plan,
        "hazards_review": {"passed": True, "officers": officers},
        "hazards_supervise": {"reason": "重大"},
        "hazards_lift_supervision": {"reason": "办好了"},
        "hazards_suspend_work": {"scope": "后厨"},
        "hazards_resume_work": {"consent": "同意"},
        "hazards_transfer": {"to_body": "dept:fire:110105", "reason": "消防职责"},
        "hazards_add_photos": {"photos": [ids["sha256"]]},
        "hazards_report": {"site": str(ids["site"]), "text": "地面湿滑"},
        "hazards_receive_transfer": {"accept": True},
        "duties_reassign": {"to_post": str(ids["to_post"])},
        "duties_ask_extension": {"until": LATER, "reason": "等配件"},
        "duties_decide_extension": {"grant": True},
        "duties_preview": {"businesses": [shop]},
        "duties_send": {"businesses": [shop], "text": "请自查"},
        "duties_acknowledge": {},
        "businesses_register": {"name_zh": "新店", "place": world.street.site.place_code},
        "businesses_change": {"contact": "010-1"},
        "businesses_set_tier": {"tier": "general", "reason": "复核"},
        "businesses_assign_oversight": special,
        "businesses_end_oversight": {"duty_type": "industry", "body": "dept:commerce:110105"},
        "businesses_record_tenancy": {"landlord": str(ids["market"]), "role": "property"},
        "sites_open_site": {"name_zh": "二店"},
        "sites_change_site_facts": {"address": "光华路 2 号"},
        "sites_change_site": pause | {"proof": [ids["sha256"]]},
        "posts_make_post": {"kind": "worker", "title_zh": "洗碗"},
        "posts_hand_over": {"to_post": str(ids["to_post"])},
        "posts_end_post": {"to_post": str(ids["to_post"])},
        "posts_assign": {"to_post": str(ids["post"])},
        "claims_ask_claim": {"credit_code": world.street.business.credit_code, "note": "是我的"},
        "claims_decide_claim": {"approve": True},
        "selfchecks_submit": handed,
        "selfchecks_submit_many": {"submissions": [handed | {"business": shop}]},
        "selfchecks_return_submission": {"reason": "重填"},
        "selfchecks_settle": {"keep": "first"},
        "selfchecks_waive": {"since": "2026-11-02", "until": "2026-11-02", "reason": "停水"},
        "inspections_record": {"site": site, "kind": "routine", "at": MONDAY.isoformat(), "officers": officers},
        "notices_mark_read": {"letters": [str(ids["notice"])]},
        "people_set_profile": {},
        "people_make_token": {"label": "x"},
        "people_invite": {"role": "worker"},
        "people_use_invitation": {"secret": ids["secret"]},
        "people_leave_seat": {},
        "people_give_seat": {"login": "stranger", "role": "street", "place": "110105001", "body": "street:110105001"},
        "checklists_draft": {"document": _document()},
        "checklists_move": {"to": "retired"},
    }  # fmt: skip


def _document() -> dict[str, Any]:
    import json

    from tests.basis import DATA

    found: dict[str, Any] = json.loads((DATA / "checklists" / "restaurant-daily.json").read_text())
    return found


QUERIES = {
    "places_find": "text=建外",
    "codebook_due": "kind=rating",
    "selfchecks_calendar": "since=2026-11-01&until=2026-11-03",
    "evidence_content": "t=x",
}

ID = {
    "/duties/": "duty",
    "/extensions/": "extension",
    "/transfers/": "transfer",
    "/submissions/": "submission",
    "/receipts/": "submission",
    "/selfchecks/": "submission",
    "/conflicts/": "conflict",
    "/claims/": "claim",
    "/orders/": "order",
    "/visits/": "visit",
    "/inspections/new/": "site",
    "/inspections/": "visit",
    "/instructions/": "instruction",
    "/notices/": "notice",
    "/inbox/": "notice",
    "/tokens/": "token",
    "/invitations/": "invitation",
    "/queue/letters/": "attempt",
    "/queue/": "ticket",
    "/seats/": "seat",
    "/imports/": "import",
    "/checks/": "occurrence",
    "/checklists/versions/": "version",
    "/sites/": "site",
    "/unassigned/": "business",
    "/business/": "business",
    "/businesses/": "business",
}
"""Beginning of an address → which of the world's ids stands for `id`."""

WORDS = {
    "code": "110105001",
    "table": "deadlines",
    "page": "phone.home",
    "act": "rate",
    "key": "x",
}


def fill(path: str, world: World) -> str:
    """The address about Lao Wang's shop."""
    act = path.rstrip("/").rsplit("/", 1)[-1]
    state = STATE_OF.get(act, "found")

    def one(match: re.Match[str]) -> str:
        name = re.split(":", match[0].strip("{}<>"))[-1]
        if name == "id" and "hazards/" in path:
            return str(world.hazards[state].id)
        if (name == "id" and act == "hand-over") or name == "post":
            return str(world.ids["post"])
        if name == "id" and "/tenancies/" in path:
            return str(world.ids["tenancy"])
        if name == "id":
            before = f"/{path}"[: match.start() + 1]
            nearest = max(
                (each for each in ID if each in before), key=lambda each: before.rfind(each) + len(each), default=""
            )
            return str(world.ids.get(ID.get(nearest, ""), "00000000-0000-4000-8000-000000000007"))
        if name == "business" and "/queue/" in f"/{path}":
            return str(world.ids["nil"])
        if (name == "code" and "checklist" in path) or ("/list/" in path and name == "code"):
            return "restaurant-daily"
        if name == "code" and "channels" in path:
            return "sms"
        return str(world.ids.get(name) or WORDS.get(name, "x"))

    return re.sub(r"{\w+}|<[\w:]+>", one, path)


def meaning(response: Any) -> str:
    """in: sign in first · no: not theirs · none: not there for them · ok · go: sent on · bad, now: let in, but …"""
    status = response.status_code
    if status == 401 or (status in {301, 302} and "/accounts/login/" in response.headers.get("Location", "")):
        return "in"
    if status in {301, 302, 303}:
        return "go"
    classes = {403: "no", 404: "none", 405: "way", 409: "now", 422: "bad", 429: "often", 413: "big"}
    return "ok" if status < 300 else classes.get(status, str(status))


Asked = tuple[str, str, Callable[[str], Any]]


def questions(world: World) -> Iterator[Asked]:
    """(name, method, ask(person)) of every operation and every page."""
    said = bodies(world)
    for name, (method, path) in sorted(operations().items()):
        address = fill(path, world) + ("?" + QUERIES[name] if name in QUERIES else "")
        if name == "trail_of_object":
            address += f"?about=hazards.hazard:{world.ids['business']}:{world.hazards['found'].id}"
        yield name, method, _program(world, method, address, said.get(name))
    for name, path in sorted(pages().items()):
        for method in ("GET", "POST"):
            yield name, method, _browser(world, method, "/" + fill(path, world))


def _program(world: World, method: str, address: str, body: Any) -> Callable[[str], Any]:
    if address.endswith("/evidence") and method == "POST":
        from tests.ground.evidence.pictures import photo

        return lambda person: world.programs[person].call(method, address, photo(9), content_type="image/jpeg").response
    if address.endswith("/imports") and method == "POST":
        return lambda person: _upload(world, person, address)
    empty = {} if method in {"POST", "PATCH", "PUT"} else None
    return lambda person: world.programs[person].call(method, address, empty if body is None else body).response


def _upload(world: World, person: str, address: str) -> Any:
    program = world.programs[person]
    file = SimpleUploadedFile("b.csv", importing.template("en"))
    return program.client.post(address, {"file": file}, headers=program.headers)


def _browser(world: World, method: str, address: str) -> Callable[[str], Any]:
    def ask(person: str) -> Any:
        browser = world.browsers[person]
        kept = browser.cookies.output(header="", sep=";")
        try:
            return browser.generic(method, address, "", "application/x-www-form-urlencoded")
        finally:  # whatever the answer said: the next question is asked by the same person in the same seat
            browser.cookies = SimpleCookie(kept)

    return ask


def drive(world: World) -> dict[tuple[str, str], dict[str, str]]:
    """Ask everything as everybody, each time on the same morning."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, method, ask in questions(world):
        row = {}
        for person in PEOPLE:
            with transaction.atomic():
                row[person] = meaning(ask(person))
                transaction.set_rollback(True)
        if set(row.values()) != {"way"}:
            found[name, method] = row
    return found
