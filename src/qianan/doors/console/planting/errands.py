"""What else happens in a city: officers visit, shops pause and close, people claim a shop, instructions go out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from qianan.doors.console.planting import words
from qianan.doors.console.planting.cast import STREET
from qianan.doors.console.planting.habits import askable
from qianan.doors.console.planting.lives import Lives
from qianan.doors.console.planting.offices import PLANTER, Offices
from qianan.doors.console.planting.shops import Shop
from qianan.field.hazards import actions as hazards
from qianan.field.hazards import queries as hazard_queries
from qianan.field.hazards.actions import NewHazard
from qianan.field.inspections import actions as inspections
from qianan.field.inspections.actions import NewVisit
from qianan.field.inspections.queries import visit_ref
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts.actions import NewPerson
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7_of, uuid_of
from qianan.registry.businesses import actions as businesses
from qianan.registry.businesses import queries as business_queries
from qianan.registry.checklists import queries as checklists
from qianan.registry.duties import actions as duties
from qianan.registry.duties import queries as duty_queries

VISITS_A_SITE_A_YEAR = 0.5
LIKELY = {"honest": 1, "busy": 2, "lazy": 4, "suspicious": 3, "silent": 3}
"""Officers go where little is heard or little is believed."""

FINDS = {"honest": 0.35, "busy": 0.8, "lazy": 1.3, "suspicious": 1.6, "silent": 1.2}
WHY_SHUT = {
    "paused": ("店面装修", "季节性歇业", "设备检修", "道路施工影响"),
    "closed": ("租约到期", "经营调整", "转行"),
}
REPORTED = ("后门堵了,推不开", "楼道里停着电动车", "灶台旁边的软管裂了", "插座打火", "货架歪了,怕倒")


class Errands:
    """Everything that is not a self-check, day by day."""

    def __init__(
        self, shops: Sequence[Shop], offices: Offices, lives: Lives, *, seed: int, today: date, zone: ZoneInfo
    ) -> None:
        self.shops, self.offices, self.lives, self.today, self.zone = shops, offices, lives, today, zone
        self.seed = seed
        self.dice = Random(f"{seed}/errands")  # noqa: S311
        self.by_site = {site: shop for shop in shops for site in shop.sites}
        self.visits = 0

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def run(self, day: date, rows: Mapping[UUID, Any]) -> None:
        """A day's errands; `rows` are the businesses registered so far."""
        joined = [shop for shop in self.shops if shop.id in rows and not self._gone(shop, day)]
        if day.weekday() < 5 and joined:
            self._visit(joined, day)
            self._workers_report(joined, day)
        self._shut(day)
        self._instruct(day, rows)

    def _gone(self, shop: Shop, day: date) -> bool:
        return shop.shut is not None and day >= shop.shut[1]

    def _sites(self, ids: Sequence[UUID]) -> dict[UUID, Any]:
        keys = [(self.by_site[id].id, id) for id in ids]
        return {site.id: site for site in business_queries.sites_by_ids(keys).values()}

    # -- visits ---------------------------------------------------------------------------

    def _visit(self, joined: Sequence[Shop], day: date) -> None:
        expected = len(self.by_site) * VISITS_A_SITE_A_YEAR / 250 * len(joined) / max(1, len(self.shops))
        count = int(expected) + (self.dice.random() < expected % 1)
        chosen = self.dice.choices(joined, weights=[LIKELY[shop.character] for shop in joined], k=count)
        shops = list({shop.id: shop for shop in chosen}.values())
        if not shops:
            return
        sites = self._sites([shop.sites[0] for shop in shops])
        new = [self._new_visit(shop, sites[shop.sites[0]], day) for shop in shops]
        made = inspections.record_visits(new, by=PLANTER, now=new[0].at)
        self.visits += len(made)
        for shop, visit in zip(shops, made, strict=True):
            if visit.hazards:
                for hazard in hazard_queries.hazards_from(visit_ref(visit)):
                    self.lives.begin(shop, hazard, official=True)

    def _new_visit(self, shop: Shop, site: Any, day: date) -> NewVisit:
        body = f"street:{site.place_code[:9]}"
        at = self.at(day, self.dice.choice((9, 10, 14, 15, 16)), self.dice.randrange(60))
        most = FINDS[shop.character]
        findings = self._findings(site, int(most) + (self.dice.random() < most % 1))
        signed = self.dice.choices(("signed", "refused", "absent"), weights=(94, 3, 3))[0]
        return NewVisit(
            id=uuid7_of(f"{self.seed}/visit/{shop.id}/{day}", at),
            site=site,
            kind=self.dice.choices(("routine", "special", "complaint", "joint"), weights=(70, 15, 10, 5))[0],
            at=at,
            officers=self.offices.pair(body),
            content="查看了现场、台账和从业人员培训记录",
            handling="责令限期整改" if findings else "未发现问题" if signed == "signed" else "现场无人签字,已报街道",
            signed=signed,
            findings=findings,
            by=self.offices.actor(body),
            now=at,
        )

    def _findings(self, site: Any, count: int) -> list[NewHazard]:
        lists = checklists.lists_for(venue=site.venue, tags=site.tags)
        edition = checklists.current(self.dice.choice(lists).code)
        items, majors, categories = askable(edition.version_id)
        plain = [code for code in items if code not in majors] or list(items)
        chosen = self.dice.sample(plain, min(count, len(plain)))
        return [
            NewHazard(
                site=site,
                text=f"检查发现:{edition.by_code[code].text_zh}——未做到",
                item_code=code,
                version_id=edition.version_id,
                category=categories[code],
                level="general",
            )
            for code in chosen
        ]

    # -- what the staff report outside any list ------------------------------------------------

    def _workers_report(self, joined: Sequence[Shop], day: date) -> None:
        active = [shop for shop in joined if shop.character in {"honest", "busy"}]
        if not active or self.dice.random() > 0.3:
            return
        shop = self.dice.choice(active)
        site = self._sites([shop.sites[0]])[shop.sites[0]]
        at = self.at(day, self.dice.randint(8, 18), self.dice.randrange(60))
        hazard = hazards.report_hazard(
            NewHazard(site=site, text=self.dice.choice(REPORTED), origin_kind="worker"), by=shop.who("worker"), now=at
        )
        self.lives.begin(shop, hazard)

    # -- sites shut ------------------------------------------------------------------------------

    def _shut(self, day: date) -> None:
        for shop in self.shops:
            if shop.shut is None or shop.shut[1] != day or shop.joined >= day:
                continue
            state, _, until = shop.shut
            for site in self._sites(shop.sites).values():
                businesses.change_site(
                    site,
                    state=state,
                    reason=self.dice.choice(WHY_SHUT[state]),
                    from_day=day,
                    until_day=until if state == "paused" else None,
                    by=self.offices.actor(f"street:{shop.new.place_code[:9]}"),
                    now=self.at(day, 9, 30),
                )

    # -- instructions -------------------------------------------------------------------------------

    def _instruct(self, day: date, rows: Mapping[UUID, Any]) -> None:
        ago = (self.today - day).days
        if ago == 18:
            self._send(
                rows,
                [shop for shop in self.shops if shop.new.place_code.startswith(STREET[:6])][:60],
                self.offices.actor(f"district:{STREET[:6]}", "head"),
                "冬季用火用电用气安全提示:请于三日内完成一次全面自查,重点检查燃气软管、报警器和疏散通道。",
                day,
                urge=False,
            )
        if ago == 4:
            silent = [
                shop
                for shop in self.shops
                if shop.character == "silent" and shop.new.place_code.startswith(STREET) and not self._gone(shop, day)
            ]
            self._send(
                rows, silent, self.offices.actor(f"street:{STREET}"), "本单位已多次没自查,请今天补上。", day, urge=True
            )

    def _send(
        self, rows: Mapping[UUID, Any], shops: Sequence[Shop], by: Actor, text: str, day: date, *, urge: bool
    ) -> None:
        wanted = [rows[shop.id] for shop in shops if shop.id in rows]
        if not wanted:
            return
        id = uuid7_of(f"{self.seed}/instruction/{day}", self.at(day, 9))
        sent = duties.send_instruction(businesses=wanted, text=text, urge=urge, id=id, by=by, now=self.at(day, 9))
        for shop in shops:
            if shop.character != "silent" and self.dice.random() < 0.8:
                order = duty_queries.orders_for(shop.who("principal")).filter(instruction_id=sent.id).first()
                if order is not None:
                    at = self.at(day, self.dice.randint(10, 20), self.dice.randrange(60))
                    duties.acknowledge(order, note="已收到,当天安排", by=shop.who("principal"), now=at)

    # -- claims ----------------------------------------------------------------------------------------

    def claim(self, day: date, password_hash: str) -> int:
        """A few people say that a shop is theirs; their streets have not answered yet. Gives how many."""
        near = [shop for shop in self.shops if shop.new.place_code.startswith(STREET) and shop.character == "silent"]
        far = [shop for shop in self.shops if shop.character == "silent" and not shop.new.place_code.startswith(STREET)]
        chosen = near[:2] + self.dice.sample(far, min(4, len(far)))
        for number, shop in enumerate(chosen):
            login = f"claimant{number + 1}"
            id = uuid_of("planted", login)
            name = words.person_name(self.dice)
            now = self.at(day, 11, number * 7)
            person = NewPerson(
                id=id, login=login, name=name, mobile=f"+861350000{number:04d}", password_hash=password_hash
            )
            accounts.add_people([person], by=PLANTER, now=now)
            businesses.ask_claim(
                shop.new.credit_code,
                role="principal",
                note="我是新接手的负责人,营业执照已变更",
                by=Actor(person=id, door="phone", name=name),
                now=now,
            )
        return len(chosen)
