"""What becomes of hazards: rated, mended in time or late or never, verified by somebody else, closed; majors listed.

Each hazard gets its course when it is found, by the character of its shop; every day does what falls due, in sets.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from qianan.doors.console.planting.album import Album
from qianan.doors.console.planting.offices import Offices
from qianan.doors.console.planting.shops import Shop
from qianan.field.hazards import actions as hazards
from qianan.field.hazards.actions import Closing, HandIn, Verdict
from qianan.kernel.actor import Actor

IN_TIME, LATE, NEVER = "in_time", "late", "never"
COURSES = {
    "honest": (90, 8, 2),
    "busy": (66, 27, 7),
    "lazy": (42, 36, 22),
    "suspicious": (88, 8, 4),
    "silent": (34, 36, 30),
}
"""In hundredths: mended in time, late, never."""

RETURNED, EXTENDED, MAJOR = 0.04, 0.02, 0.3
DONE = ("已更换并试用正常", "已清理,现场恢复畅通", "已维修,检查合格", "已重新固定并张贴标识", "已更新台账并培训员工")
SEEN = ("现场核查,已整改到位", "复查合格", "照片与现场一致", "抽查无异常")
BACK = ("照片看不清整改部位,请重拍", "只清理了一半,请继续", "没有说明更换的型号")
ASKED = ("配件需要订货,预计下周到货", "施工队排期,申请延后", "涉及房东配合,正在协商")
PLAN = {
    "responsibility": "主要负责人总负责,安全管理人员每日跟进",
    "measures": "停用相关设备,更换不合格部件,由有资质单位施工",
    "funds": "从安全生产费用列支,已落实",
    "time_limit": "三十日内完成,分两步验收",
    "contingency": "设警戒线和专人看守,配备灭火器材,发现异常立即撤人",
}


@dataclass
class Life:
    """A hazard, its shop, and what is still to come."""

    hazard: Any
    shop: Shop
    photo: str = ""
    official: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    kind: str
    life: Life


class Lives:
    """All hazards of the story, by the day of their next step."""

    def __init__(self, offices: Offices, album: Album, *, seed: int, today: date, zone: ZoneInfo) -> None:
        self.offices, self.album, self.today, self.zone = offices, album, today, zone
        self.dice = Random(f"{seed}/lives")  # noqa: S311
        self.steps: dict[date, list[Step]] = defaultdict(list)
        self.count = 0
        self.majors = 0

    # -- a hazard is found ------------------------------------------------------------------

    def begin(self, shop: Shop, hazard: Any, *, photo: str = "", official: bool = False) -> None:
        """Plan the course of a hazard that was just found."""
        self.count += 1
        life = Life(hazard, shop, photo, official)
        if hazard.state == "rectifying":
            self._plan_fix(life, hazard.found_at)
        elif self.dice.random() < (0.97 if shop.character in {"honest", "suspicious"} else 0.8):
            self._later(life, "rate", hazard.found_at, 0.05, 1.8)

    def _later(self, life: Life, kind: str, since: datetime, least: float, most: float) -> datetime:
        """So many days later, at an hour when people work."""
        moment = since + timedelta(days=self.dice.uniform(least, most))
        local = moment.astimezone(self.zone)
        if not 8 <= local.hour < 19:
            local = datetime.combine(
                local.date() + timedelta(days=local.hour >= 19), time(9, self.dice.randrange(60)), self.zone
            )
        moment = max(local, since + timedelta(minutes=20))
        self._put(Step(moment, kind, life))
        return moment

    def _put(self, step: Step) -> None:
        day = step.at.astimezone(self.zone).date()
        if day < self.today:
            self.steps[day].append(step)

    def _plan_fix(self, life: Life, since: datetime) -> None:
        hazard, shop = life.hazard, life.shop
        days = (hazard.due_at - since).total_seconds() / 86_400
        course = self.dice.choices((IN_TIME, LATE, NEVER), weights=COURSES[shop.character])[0]
        if course == NEVER:
            return
        if hazard.level == "general" and self.dice.random() < EXTENDED and days > 2:
            self._later(life, "extend", since, days * 0.5, days * 0.8)
        if shop.character == "suspicious":
            self._later(life, "fix", since, 0.01, 0.06)
        elif course == IN_TIME:
            self._later(life, "fix", since, 0.04, max(0.05, days * (0.5 if shop.character == "honest" else 0.95)))
        else:
            self._later(life, "fix", since, days + 0.5, days + self.dice.choice((3, 7, 14, 30)))

    # -- a day goes by ------------------------------------------------------------------------

    def live(self, day: date) -> None:
        """Do what falls due on this day, what was planned for today by today's own steps included."""
        while steps := sorted(self.steps.pop(day, ()), key=lambda step: step.at):
            by_kind: dict[str, list[Step]] = defaultdict(list)
            for step in steps:
                by_kind[step.kind].append(step)
            for kind in ("rate", "extend", "fix", "verify", "close"):
                if some := by_kind.pop(kind, None):
                    getattr(self, f"_{kind}")(some)
            for kind, some in by_kind.items():
                for step in some:
                    getattr(self, f"_{kind}")(step)

    def _street(self, life: Life) -> Actor:
        return self.offices.actor(f"street:{life.hazard.place_code[:9]}")

    def _fix(self, steps: Sequence[Step]) -> None:
        done = []
        for step in steps:
            life = step.life
            if life.hazard.state != "rectifying":
                continue
            photos = [after] if (after := self.album.after.get(life.photo)) else []
            if life.shop.character == "suspicious" and self.dice.random() < 0.4:
                photos = [self.album.worn]
            done.append(HandIn(life.hazard, self.dice.choice(DONE), photos, by=life.shop.who("worker"), now=step.at))
            if life.hazard.level == "major":
                self._later(life, "review", step.at, 1.0, 5.0)
            else:
                self._later(life, "verify", step.at, 0.05, 2.6)
        if done:
            hazards.hand_in_many(done, by=self.offices.actor("city:11"), now=steps[0].at)

    def _checker(self, life: Life) -> Actor:
        """Not who fixed it: another manager of the shop, else the street; the street for what officers found."""
        fixer = life.shop.who("worker")
        return (None if life.official else life.shop.other_than(fixer)) or self._street(life)

    def _verify(self, steps: Sequence[Step]) -> None:
        verdicts = []
        for step in steps:
            life = step.life
            if life.hazard.state != "handed_in":
                continue
            good = self.dice.random() >= RETURNED
            words = self.dice.choice(SEEN if good else BACK)
            verdicts.append(Verdict(life.hazard, good, words, by=self._checker(life), now=step.at))
            self._later(life, "close" if good else "fix", step.at, 0.02, 0.9 if good else 3.0)
        if verdicts:
            hazards.verify_many(verdicts, by=self.offices.actor("city:11"), now=steps[0].at)

    def _close(self, steps: Sequence[Step]) -> None:
        closings = []
        for step in steps:
            life = step.life
            if life.hazard.state != "accepted":
                continue
            by = self.offices.actor("city:11") if life.hazard.level == "major" else self._checker(life)
            closings.append(Closing(life.hazard, "", by=by, now=step.at))
        if closings:
            hazards.close_many(closings, by=self.offices.actor("city:11"), now=steps[0].at)

    # -- rating, more time ------------------------------------------------------------------------

    def _rate(self, steps: Sequence[Step]) -> None:
        for step in steps:
            life, hazard = step.life, step.life.hazard
            manager = life.shop.who("safety_manager")
            by = manager if manager.ref != hazard.found_by else (life.shop.other_than(manager) or self._street(life))
            major = self.dice.random() < MAJOR
            hazards.rate(
                hazard,
                level="major" if major else "general",
                criterion=hazard.criterion if major else "",
                reason="对照判定标准,存在群死群伤风险" if major else "对照判定标准,尚未构成重大隐患,当日可改",
                by=by,
                now=step.at,
            )
            hazards.order_rectification(hazard, measures="按清单逐项整改" if major else "", by=by, now=step.at)
            if major:
                self.majors += 1
                self._plan_major(life, step.at)
            self._plan_fix(life, step.at)

    def _extend(self, steps: Sequence[Step]) -> None:
        for step in steps:
            hazard = step.life.hazard
            if hazard.state != "rectifying" or hazard.due_at <= step.at:
                continue
            hazards.ask_extension(
                hazard,
                until=hazard.due_at + timedelta(days=self.dice.choice((3, 5, 7))),
                reason=self.dice.choice(ASKED),
                by=step.life.shop.who("principal"),
                now=step.at,
            )
            if self.dice.random() < 0.85:
                self._later(step.life, "decide", step.at, 0.05, 1.2)

    def _decide(self, step: Step) -> None:
        if step.life.hazard.state == "rectifying":
            grant = self.dice.random() < 0.75
            note = "同意,期间加强看护" if grant else "理由不充分,请按期完成"
            hazards.decide_extension(step.life.hazard, grant=grant, note=note, by=self._street(step.life), now=step.at)

    # -- a major hazard ------------------------------------------------------------------------------

    def _plan_major(self, life: Life, since: datetime) -> None:
        diligent = life.shop.character in {"honest", "busy", "suspicious"}
        for kind, share, least, most in (
            ("interim", 0.98 if diligent else 0.7, 0.02, 0.2),
            ("report_regulator", 0.97 if diligent else 0.6, 0.05, 0.8),
            ("report_workers", 0.94 if diligent else 0.5, 0.1, 2.5),
            ("plan", 0.96 if diligent else 0.6, 0.5, 5.0),
            ("suspend", 0.3, 0.1, 0.6),
            ("supervise", 0.5, 1.0, 4.0),
        ):
            if self.dice.random() < share:
                self._later(life, kind, since, least, most)

    def _open(self, life: Life) -> bool:
        return life.hazard.level == "major" and life.hazard.state in {"rated", "rectifying", "handed_in", "accepted"}

    def _interim(self, step: Step) -> None:
        if self._open(step.life) and step.life.hazard.state == "rectifying":
            by = step.life.shop.who("safety_manager")
            hazards.set_interim(step.life.hazard, text="已停用并挂警示牌,专人看守", by=by, now=step.at)

    def _report_regulator(self, step: Step) -> None:
        self._report(step, "regulator", "system", "")

    def _report_workers(self, step: Step) -> None:
        self._report(step, "workers", "meeting", "职工代表")

    def _report(self, step: Step, side: str, how: str, addressee: str) -> None:
        life = step.life
        if not self._open(life):
            return
        text = f"{life.hazard.text}。已采取临时措施,拟限期整改。"
        hazards.send_double_report(
            life.hazard, side=side, text=text, how=how, addressee=addressee, by=life.shop.who("principal"), now=step.at
        )
        if self.dice.random() < 0.9:
            self._later(life, f"receive_{side}", step.at, 0.02, 1.5)

    def _receive_regulator(self, step: Step) -> None:
        hazards.receive_double_report(step.life.hazard, side="regulator", by=self._street(step.life), now=step.at)

    def _receive_workers(self, step: Step) -> None:
        worker, principal = step.life.shop.who("worker"), step.life.shop.who("principal")
        if worker.person != principal.person:
            hazards.receive_double_report(step.life.hazard, side="workers", by=worker, now=step.at)

    def _plan(self, step: Step) -> None:
        if self._open(step.life):
            by = step.life.shop.who("principal")
            hazards.make_plan(step.life.hazard, **PLAN, by=by, now=step.at)  # type: ignore[arg-type]

    def _suspend(self, step: Step) -> None:
        if self._open(step.life) and step.life.hazard.state == "rectifying":
            by = self._street(step.life)
            hazards.suspend_work(step.life.hazard, scope="涉事区域停止使用", by=by, now=step.at)
            step.life.stopped = True

    def _supervise(self, step: Step) -> None:
        hazard = step.life.hazard
        if self._open(step.life) and not hazard.supervised:
            hazards.supervise(
                hazard,
                reason="重大事故隐患,列入挂牌督办",
                by=self.offices.actor(f"district:{hazard.place_code[:6]}", "head"),
                now=step.at,
            )

    def _review(self, step: Step) -> None:
        """Two officers look at the fix; passed, it is verified and closed if all papers are there."""
        life, hazard = step.life, step.life.hazard
        if hazard.state != "handed_in":
            return
        body = f"street:{hazard.place_code[:9]}"
        passed = self.dice.random() < 0.88
        hazards.review(
            hazard,
            passed=passed,
            note="现场复查" + ("合格" if passed else ",仍有一处没有更换,退回继续整改"),
            officers=self.offices.pair(body),
            by=self.offices.actor(body),
            now=step.at,
        )
        if passed:
            self._later(life, "accept", step.at, 0.01, 0.5)
        else:
            self._later(life, "fix", step.at, 1.0, 4.0)

    def _accept(self, step: Step) -> None:
        hazard = step.life.hazard
        if hazard.state != "handed_in":
            return
        by = self._street(step.life)
        hazards.verify(hazard, accept=True, note="复查合格", by=by, now=step.at)
        if step.life.stopped:
            hazards.resume_work(hazard, consent="复查合格,同意恢复使用", by=by, now=step.at)
        self._later(step.life, "finish", step.at, 0.5, 3.0)

    def _finish(self, step: Step) -> None:
        """Close it, as far as every report, plan and control is there; else it waits, as it must."""
        from qianan.kernel.problems import NotNow

        try:
            hazards.close_hazard(
                step.life.hazard, note="材料齐全,同意销号", by=self.offices.actor("city:11"), now=step.at
            )
        except NotNow:
            return
        if self.dice.random() < 0.6:
            self._later(step.life, "show", step.at, 0.2, 2.0)

    def _show(self, step: Step) -> None:
        if step.life.hazard.state == "closed":
            by = step.life.shop.who("safety_manager")
            hazards.show_result(step.life.hazard, how="meeting", by=by, now=step.at)
