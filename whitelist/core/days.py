"""One clock: a day is a Shanghai day. The database keeps UTC; nobody else computes a day from an instant."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from whitelist.core.errors import DomainError, Fault

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE = timedelta(days=1)
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def business_day(instant):
    """The Shanghai calendar day in which an aware instant falls."""
    return instant.astimezone(SHANGHAI).date()


def today():
    return business_day(timezone.now())


def yesterday():
    """The day whose values are collected now: a report for day D is filed on D + 1."""
    return today() - ONE


def at(day, clock):
    """The instant when the Shanghai clock shows `clock` on `day`."""
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


def at_start(day):
    """The instant in which a Shanghai day begins."""
    return at(day, time(0))


def at_end(day):
    """The last instant of a Shanghai day."""
    return at(day, time.max)


def due_at(day, clock=time(12)):
    """When the report for `day` is due: at `clock` on the following day (product rule: 12:00)."""
    return at(day + ONE, clock)


def parse_day(text, *, field="day"):
    """A day written YYYY-MM-DD; anything else is refused naming the field."""
    try:
        if not (isinstance(text, str) and WRITTEN.fullmatch(text)):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        detail = _("“%(text)s” is not a day. Write it as 2022-05-09.") % {"text": str(text)[:40]}
        raise DomainError(detail, errors=[Fault(field, "not_a_day", detail)]) from None


def days_between(first, last):
    """Every day from first to last, both included."""
    return [first + ONE * n for n in range((last - first).days + 1)]
