"""Days and hours in the reader's words: 11月24日 09:30 / 24 Nov 09:30; the year only when it is not this one."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qianan.doors.kit.now import now

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def in_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


def local(value: date | datetime | str) -> date | datetime:
    """A moment in the instance's zone; a text of ISO 8601 is read first. Raises ValueError for any other text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value


def today() -> date:
    """The doors' day, in the instance's zone."""
    return timezone.localtime(now()).date()


def day(value: date | datetime | str | None, *, year: bool = False) -> str:
    """11月24日 / 24 Nov; with the year when it is another one, or when asked for (papers)."""
    if not value:
        return "—"
    at = local(value)
    with_year = year or at.year != today().year
    if in_chinese():
        return f"{at.year}年{at.month}月{at.day}日" if with_year else f"{at.month}月{at.day}日"
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}" if with_year else f"{at.day} {MONTHS[at.month - 1]}"


def hour(value: datetime | str | None) -> str:
    """09:30, of 24 hours."""
    if not value:
        return "—"
    at = local(value)
    return f"{at:%H:%M}" if isinstance(at, datetime) else ""


def when(value: date | datetime | str | None, *, year: bool = False) -> str:
    """11月24日 09:30 / 24 Nov 09:30; a bare day has no hour."""
    if not value:
        return "—"
    at = local(value)
    return f"{day(at, year=year)} {at:%H:%M}" if isinstance(at, datetime) else day(at, year=year)


def until(value: date | datetime | str | None) -> str:
    """A deadline on record: a day's last second is said as the day."""
    if not value:
        return "—"
    at = local(value)
    whole_day = isinstance(at, datetime) and (at.hour, at.minute) == (23, 59)
    return day(at) if whole_day else when(at)


def weekday(value: date | datetime | str) -> str:
    """周二 / Tue."""
    return (WEEKDAYS_ZH if in_chinese() else WEEKDAYS_EN)[local(value).weekday()]


def by(value: datetime | str | None) -> str:
    """A deadline said shortly: 今天 18:00, 明天 10:00, 周四 18:00 within a week, else the date. A day's last
    second is said as the day alone."""
    if not value:
        return "—"
    at = local(value)
    ahead = (at.date() if isinstance(at, datetime) else at) - today()
    if ahead.days == 0:
        word = _("today")
    elif ahead.days == 1:
        word = _("tomorrow")
    elif 1 < ahead.days < 7:
        word = f"{weekday(at)}{'' if in_chinese() else ','} {day(at)}"
    else:
        word = day(at)
    if not isinstance(at, datetime):
        return word
    if (at.hour, at.minute) == (23, 59):
        return f"{word} 24:00" if in_chinese() and 0 <= ahead.days <= 1 else word  # "今天前" would be no Chinese
    return f"{word} {at:%H:%M}"


def span(delta: timedelta) -> str:
    """How long, in the largest whole unit: 3 天 / 3 days, 5 小时 / 5 hours, 12 分钟 / 12 minutes."""
    seconds = int(abs(delta.total_seconds()))
    if seconds >= 86_400:
        days = seconds // 86_400
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if seconds >= 3600:
        hours = seconds // 3600
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    minutes = seconds // 60
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def ago(value: date | datetime | str | None) -> str:
    """How long ago, or how long from now."""
    if not value:
        return "—"
    at = local(value)
    if not isinstance(at, datetime):
        days = (today() - at).days
        if days == 0:
            return _("today")
        delta = timedelta(days=days)
    else:
        delta = now() - at
        if abs(delta) < timedelta(minutes=1):
            return _("just now")
    return (
        _("%(span)s ago") % {"span": span(delta)} if delta > timedelta(0) else _("in %(span)s") % {"span": span(delta)}
    )


def num(value: object) -> str:
    """1,234 with thousands marked; a share keeps its decimals."""
    if value is None or value == "":
        return "—"
    if isinstance(value, (int, float, Decimal)):
        return f"{value:,}"
    return str(value)
