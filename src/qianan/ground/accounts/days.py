"""The instance's own day."""

from datetime import date, datetime

from django.utils import timezone


def day_of(moment: datetime) -> date:
    """The day of an aware moment in the instance's zone (a setting), not the reader's."""
    return timezone.localdate(moment, timezone.get_default_timezone())
