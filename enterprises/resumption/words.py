"""States of production, ways in, and whether a report came."""

from django.db import models
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from whitelist.core.days import SHANGHAI, business_day
from whitelist.core.templatetags.face import short_day


class State(models.TextChoices):
    NORMAL = "normal", _("normal")
    PARTIAL = "partial", _("partial")
    STOPPED = "stopped", _("stopped")
    PLANNED_STOP = "planned_stop", _("planned stop")


RESUMED = (State.NORMAL, State.PARTIAL)


class Channel(models.TextChoices):
    PAGE = "page", _("page")
    API = "api", _("API")
    SHEET = "sheet", _("workbook")
    OFFICE = "office", _("entered by the office")


def time_span(delta):
    """A length of time as people say it: days and hours, hours and minutes, or minutes."""
    minutes = int(delta.total_seconds()) // 60
    if minutes >= 48 * 60:
        return translate("%(days)s d %(hours)s h") % {"days": minutes // 1440, "hours": minutes % 1440 // 60}
    if minutes >= 60:
        return translate("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
    return translate("%(minutes)s min") % {"minutes": minutes}


def due_words(due_at, now):
    """When a report is due, and how far away that is."""
    named = {
        "day": short_day(due_at),
        "clock": due_at.astimezone(SHANGHAI).strftime("%H:%M"),
        "span": time_span(abs(due_at - now)),
    }
    if now <= due_at:
        if business_day(due_at) == business_day(now):
            return translate("due today %(clock)s, in %(span)s") % named
        return translate("due %(day)s %(clock)s, in %(span)s") % named
    if business_day(due_at) == business_day(now):
        return translate("was due today %(clock)s, %(span)s ago") % named
    return translate("was due %(day)s %(clock)s") % named
