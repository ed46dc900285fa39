"""Why a warning stands, in one sentence, and what ends it. Pure: everything comes in as an argument.

`assessed` is a day's judgement (an Assessment, or anything with its figures and `rule`); `arrivals` are the confirmed
arrivals told in the reading behind it, as {"on": "YYYY-MM-DD", "quantity": "decimal"}.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from alerts.warnings.assessment import GREY_AFTER
from enterprises.register.words import unit_said
from whitelist.core.templatetags.face import quantity, short_day

TENTH = Decimal("0.1")
CENT = Decimal("0.01")
ONE_DAY = Decimal(1)


def days(cover):
    """Cover with one decimal, rounded down: what is below a limit never reads as if it reached it."""
    return quantity(cover.quantize(TENTH, ROUND_DOWN))


def hundredths(cover):
    """Cover as other systems read it: "2.90", rounded down; None where it is not known."""
    return None if cover is None else str(cover.quantize(CENT, ROUND_DOWN))


def tenths(cover):
    """Cover for a table: always one decimal, rounded down."""
    return str(cover.quantize(TENTH, ROUND_DOWN))


def short_days(cover):
    """Cover for a badge: one decimal below ten days, none from there on."""
    return str(cover.quantize(TENTH if cover < 10 else ONE_DAY, ROUND_DOWN))


def limits_of(rule):
    """The limits as short decimal strings, by level."""
    return {level: quantity(getattr(rule, level)) for level in ("red", "yellow", "blue")}


def whose(rule, level):
    """Who set a limit: the rule tells it of red; yellow and blue are the office's, or this system's defaults."""
    if level == "red" or rule.red_source == rule.Source.OFFICE:
        return str(rule.Source(rule.red_source).label)
    return str(rule.Source.OURS.label)


WORDS = {
    "red": pgettext_lazy("level", "red"),
    "yellow": pgettext_lazy("level", "yellow"),
    "blue": pgettext_lazy("level", "blue"),
    "grey": pgettext_lazy("level", "without data"),
    "normal": pgettext_lazy("level", "normal"),
}


def word(level):
    return str(WORDS[level])


def coming(day, read_on, arrivals):
    """The arrivals of a reading that count by `day`, and the first one after it: (sum, next or None)."""
    told = sorted((date.fromisoformat(each["on"]), Decimal(each["quantity"])) for each in arrivals or ())
    arrived = sum((amount for on, amount in told if read_on < on <= day), Decimal(0))
    return arrived, next(((on, amount) for on, amount in told if on > day), None)


def arrivals_clause(day, read_on, arrivals):
    arrived, ahead = coming(day, read_on, arrivals)
    named = {"arrived": quantity(arrived)}
    if ahead:
        named |= {"next": quantity(ahead[1]), "day": short_day(ahead[0])}
        if arrived:
            return _("%(arrived)s arrived since, next %(next)s on %(day)s") % named
        return _("next arrival %(next)s on %(day)s") % named
    return _("%(arrived)s arrived since, no more confirmed") % named if arrived else _("no arrival confirmed")


def limit_clause(assessed):
    """Which limit the figures fall below, and whose it is; or that they are normal again."""
    level, rule = assessed.raw_level, assessed.rule
    if level not in ("red", "yellow", "blue"):
        said = _("above every limit")
    else:
        named = {"level": word(level), "limit": quantity(getattr(rule, level)), "whose": whose(rule, level)}
        said = _("%(level)s below %(limit)s days (%(whose)s)") % named
    if assessed.level == level:
        return said
    return _("%(now)s; it stays %(level)s until a second good day in a row") % {
        "now": said,
        "level": word(assessed.level),
    }


def why(assessed, arrivals=()):
    """The one sentence: stock, use, arrivals, day of the reading, how long it lasts, limit and whose."""
    if assessed.read_on is None:
        return _("No stock of this material has been told yet, so its level is not known.")
    named = {
        "stock": quantity(assessed.on_hand),
        "unit": unit_said(assessed.material.unit),
        "day": short_day(assessed.read_on),
        "use": quantity(assessed.daily_use),
        "level": word(assessed.level),
        "most": GREY_AFTER,
    }
    if assessed.raw_level == "grey":
        if assessed.level == "grey":
            return (
                _("Last told on %(day)s (%(stock)s %(unit)s): older than %(most)s days, so the level is not known.")
                % named
            )
        return (
            _("Last told on %(day)s (%(stock)s %(unit)s): older than %(most)s days; it stays %(level)s as last known.")
            % named
        )
    if assessed.is_stopped_for_want:
        return (
            _("The plant stands still for want of it, as told on %(day)s (stock %(stock)s %(unit)s): red at any stock.")
            % named
        )
    if assessed.cover is None:
        named["limit"] = limit_clause(assessed)
        return _("Stock %(stock)s %(unit)s on %(day)s, no use: %(limit)s.") % named
    named |= {
        "arrivals": arrivals_clause(assessed.day, assessed.read_on, arrivals),
        "cover": days(assessed.cover),
        "limit": limit_clause(assessed),
        "today": short_day(assessed.day),
    }
    if assessed.is_projected:
        return (
            _(
                "Stock %(stock)s %(unit)s on %(day)s, use %(use)s a day, %(arrivals)s: "
                "projected to %(today)s, %(cover)s days are left; %(limit)s."
            )
            % named
        )
    return (
        _("Stock %(stock)s %(unit)s on %(day)s, use %(use)s a day, %(arrivals)s: lasts %(cover)s days; %(limit)s.")
        % named
    )


def runs_out_on(assessed):
    """The last day that the stock covers whole; None where that cannot be said."""
    if assessed.cover is None or assessed.raw_level == "grey" or assessed.is_stopped_for_want:
        return None
    return assessed.day + timedelta(days=int(assessed.cover))


@dataclass(frozen=True)
class Remedy:
    """What lifts a red stock to its red limit: the quantity, and the last day on which it helps."""

    quantity: Decimal
    latest_on: date
    unit: str
    limit: str

    @property
    def sentence(self):
        named = {
            "quantity": quantity(self.quantity),
            "unit": unit_said(self.unit),
            "day": short_day(self.latest_on),
            "limit": self.limit,
        }
        return _("At least %(quantity)s %(unit)s by %(day)s lift it to %(limit)s days.") % named


def remedy(assessed):
    """What is needed to leave red; None where it is not red by its figures, or they do not tell."""
    latest = runs_out_on(assessed)
    if assessed.raw_level != "red" or latest is None or not assessed.daily_use:
        return None
    short = ((assessed.rule.red - assessed.cover) * assessed.daily_use).quantize(CENT, ROUND_UP)
    return Remedy(short, latest, assessed.material.unit, limits_of(assessed.rule)["red"])
