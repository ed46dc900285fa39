"""A situation as the board shows it: labels, numbers, changes, and for each number the address of exactly its rows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alerts.board import links
from alerts.board.places import PLACES
from alerts.board.situation import HALF, SPARK
from enterprises.models import Chain
from enterprises.resumption.metrics import METRICS
from whitelist.accounts.divisions import known_divisions
from whitelist.core.templatetags.face import is_chinese, quantity, rate

STEPS = 10  # of the scale of the grid
TONES = {"resumed": 1, "capacity": 2, "on_duty": 3}


@dataclass(frozen=True)
class Scale:
    """How a figure colours the grid: the values of its two ends."""

    label: object
    low: int
    high: int


SHOWN = {
    "resumed": Scale(gettext_lazy("Resumed, %"), 75, 100),
    "reached": Scale(gettext_lazy("Production reached, %"), 50, 100),
    "on_duty": Scale(gettext_lazy("Staff on duty, %"), 40, 100),
    "capacity": Scale(gettext_lazy("Capacity use, %"), 40, 100),
    "reporting": Scale(gettext_lazy("Reported, %"), 50, 100),
    "red": Scale(gettext_lazy("Red warnings"), 10, 0),
}


def short(number):
    """A large number to two or three digits: 14.1 M, 1,410万."""
    if number < 1_000_000:
        return quantity(number)
    return f"{quantity(round(number / 10_000))}万" if is_chinese() else f"{round(number / 1_000_000, 1)} M"


def points(change):
    """A change in percentage points with its sign, and whether it is for the better."""
    if change is None:
        return "", ""
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    text = _("%(points)s pts") % {"points": f"{sign}{rate(abs(change))}"}
    return text, "better" if change > 0 else "worse" if change < 0 else ""


def reported_enough(figures):
    share = figures.reported_share
    return share is not None and share >= HALF


def listed(situation):
    due, then = situation.total.sums["due"], situation.week_ago
    subs = []
    if then is not None:
        sign = "+" if due > then else "−" if due < then else "±"
        subs.append({"text": _("%(change)s this week") % {"change": f"{sign}{quantity(abs(due - then))}"}})
    batches = situation.batches
    if batches:
        text = ngettext("%(n)s batch", "%(n)s batches", batches) % {"n": quantity(batches)}
        week = {"effective_from": situation.last_week_from, "effective_to": situation.day}
        subs.append({"text": text, "href": links.batches(status="published", **week), "count": batches})
    return {
        "label": _("Listed enterprises"),
        "value": due,
        "href": links.reports(situation.day),
        "count": due,
        "subs": subs,
        "spark": [each and each.sums["due"] for _day, each in situation.days[-SPARK:]],
    }


def share(situation, metric, subs):
    """A rate with its change, and what it is a share of."""
    change, tone = points(situation.change(metric))
    lead = [{"text": change, "tone": tone}] if change else []
    return {
        "label": METRICS[metric].name,
        "value": situation.total.rate(metric),
        "is_rate": True,
        "href": links.reports(situation.day, metric=metric, part="denominator"),
        "subs": [*lead, *subs],
        "title": METRICS[metric].definition,
        "spark": [each and each.rate(metric) for _day, each in situation.days[-SPARK:]],
    }


def resumed(situation):
    over, under = situation.total.part("resumed")
    carried, day = situation.total.sums["carried"], situation.day
    subs = [
        {
            "text": quantity(over),
            "href": links.reports(day, metric="resumed", part="numerator"),
            "count": over,
            "of": {
                "text": _("of %(n)s") % {"n": quantity(under)},
                "href": links.reports(day, metric="resumed", part="denominator"),
                "count": under,
            },
        },
    ]
    if carried:
        text = _("%(n)s carried forward") % {"n": quantity(carried)}
        subs.append({"text": text, "href": links.reports(day, carried="true"), "count": carried})
    return share(situation, "resumed", subs)


def reds(situation):
    day, known = situation.day, situation.run is not None
    subs = []
    if known:
        new, open_ones = situation.new_count, situation.warned_total["unacknowledged"]
        text = _("%(n)s new today") % {"n": quantity(new)}
        href = links.warnings(day, level="red", new=1)
        subs.append({"text": text, "href": href, "count": new, "tone": "worse" if new else ""})
        text = _("%(n)s unacknowledged") % {"n": quantity(open_ones)}
        subs.append({"text": text, "href": links.warnings(day, level="red", acknowledged=0), "count": open_ones})
    else:
        subs.append({"text": _("not run yet")})
    lines = situation.warned_days
    return {
        "label": _("Red warnings"),
        "value": situation.warned_total["red"] if known else None,
        "href": links.warnings(day, level="red") if known else "",
        "count": situation.warned_total["red"] if known else None,
        "subs": subs,
        "spark": [lines[on]["red"] if on in lines else None for on, _figures in situation.days[-SPARK:]],
    }


def silent(situation):
    none, then = situation.total.sums["answer_none"], situation.past.get(situation.before)
    subs = []
    if then:
        more = none - then.sums["answer_none"]
        word = _("%(n)s more") if more > 0 else _("%(n)s fewer") if more < 0 else _("as many")
        tone = "worse" if more > 0 else "better" if more < 0 else ""
        subs.append({"text": word % {"n": quantity(abs(more))}, "tone": tone})
    due = situation.total.sums["due"]
    subs.append({"text": _("of %(n)s due") % {"n": quantity(due)}, "href": links.reports(situation.day), "count": due})
    return {
        "label": _("Silent enterprises"),
        "value": none,
        "href": links.reports(situation.day, answer="none"),
        "count": none,
        "subs": subs,
        "spark": [each and each.sums["answer_none"] for _day, each in situation.days[-SPARK:]],
    }


def strip(situation):
    """The figures at the head of the board."""
    due = situation.total.part("on_duty")[1]
    return [
        listed(situation),
        resumed(situation),
        share(situation, "on_duty", [{"text": _("of %(n)s due") % {"n": short(due)}}]),
        share(situation, "capacity", [{"text": _("estimate")}]),
        reds(situation),
        silent(situation),
    ]


def bucket(value, scale):
    """The step of the scale, 0 to 10; beyond its ends the end."""
    part = (float(value) - scale.low) / (scale.high - scale.low)
    return round(min(max(part, 0), 1) * STEPS)


def in_division(situation, code, shown):
    """A figure of one division: (text or None, step or None, address of its rows)."""
    day, figures, scale = situation.day, situation.by_division.get(code), SHOWN[shown]
    if shown == "red":
        href = links.warnings(day, division=code, level="red")
        if situation.run is None or figures is None:
            return None, None, href
        number = situation.warned_by_division[code]["red"] if code in situation.warned_by_division else 0
        return quantity(number), bucket(number, scale), href
    if shown == "reporting":
        href, value = links.reports(day, division=code), figures and figures.reported_share
    else:
        href = links.reports(day, division=code, metric=shown, part="denominator")
        value = figures.rate(shown) if figures and reported_enough(figures) else None
    if value is None:
        return None, None, href
    return rate(value), bucket(value, scale) if reported_enough(figures) else None, href


def tiles(situation, shown):
    """The unit grid of the nation."""
    for place in PLACES:
        text, step, href = in_division(situation, place.code, shown)
        figures = situation.by_division.get(place.code)
        name = str(known_divisions().get(place.code) or place.short)
        reported = figures.coverage["on_time"] + figures.coverage["late"] if figures else 0
        named = {"name": name, "reported": quantity(reported), "due": quantity(figures.sums["due"] if figures else 0)}
        yield {
            "col": place.col,
            "row": place.row,
            "short": place.short,
            "letter": place.letter,
            "value": text,
            "bucket": step,
            "href": href,
            "title": _("%(name)s: %(reported)s of %(due)s reported") % named,
        }


def divisions(situation):
    """The table of the divisions below, for a province or a prefecture."""
    for code, figures in situation.by_division.items():
        cells = {
            name: in_division(situation, code, name) for name in ("reporting", "resumed", "on_duty", "capacity", "red")
        }
        yield {
            "name": str(known_divisions().get(code) or code),
            "due": figures.sums["due"],
            "due_href": links.reports(situation.day, division=code),
            "cells": [{"name": name, "text": text, "href": href} for name, (text, _step, href) in cells.items()],
        }


def chains(situation):
    """Warnings and resumption by chain, every chain that has an enterprise or a warning."""
    found = {key: situation.warned_by_chain.get(key) for key in Chain.values}
    longest = max([each.warned for each in found.values() if each], default=0)
    for chain in Chain:
        counts, figures = found[chain], situation.by_chain.get(chain)
        if counts is None and figures is None:
            continue
        numbers = {level: counts[level] if counts else 0 for level in ("red", "yellow", "blue", "grey")}
        yield {
            "name": chain.label,
            "rate": figures.rate("resumed") if figures and reported_enough(figures) else None,
            "href": links.reports(situation.day, chain=chain, metric="resumed", part="denominator"),
            "numbers": numbers,
            "longest": longest,
            "levels": [
                {"level": level, "count": number, "href": links.warnings(situation.day, chain=chain, level=level)}
                for level, number in numbers.items()
            ],
        }


def lines(situation):
    """The three rates together; a day on which under half reported is hatched, a day without a rate is a gap."""
    labels = {"resumed": _("resumed"), "capacity": _("capacity"), "on_duty": _("on duty")}
    return [
        {
            "key": metric,
            "label": label,
            "tone": TONES[metric],
            "points": [
                (day, figures and figures.rate(metric), figures is not None and not reported_enough(figures))
                for day, figures in situation.days
            ],
        }
        for metric, label in labels.items()
    ]
