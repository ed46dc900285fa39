"""What other rooms show of warnings: the level of a stock line, an enterprise's open warnings, and their words."""

import re
from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from alerts.models import Warning
from alerts.warnings import services
from alerts.warnings.why import limits_of, runs_out_on, short_days, tenths, why
from whitelist.accounts.divisions import division_of
from whitelist.accounts.models import NATION
from whitelist.core.templatetags import charts, face
from whitelist.core.words import in_each_language

register = template.Library()

COLLECTIVE = re.compile("市辖区|县|.*直辖县级行政.*")  # entries of the standard that only gather others
LIMITS = ("red", "yellow", "blue")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 820.0, 220.0, 34.0, 96.0, 12.0, 24.0


def badge(level, cover, *, is_known=True):
    """A level with its days of cover; the word alone where the days are not known."""
    text = _("%(days)s d") % {"days": short_days(cover)} if is_known and cover is not None else ""
    return face.level(level, text)


@register.inclusion_tag("parts/level.html")
def cover_badge(assessed):
    """The level of a judgement with the days its stock lasts."""
    return badge(assessed.level, assessed.cover, is_known=not (assessed.is_grey or assessed.is_stopped_for_want))


@register.inclusion_tag("parts/level.html")
def stock_level(enterprise, day, material):
    """How long a material (or its code) lasts at the end of a day, by what has been reported up to now.

    All lines of an enterprise are judged in one query, however many are shown.
    """
    judged = enterprise.__dict__.setdefault("stock_judged", {})
    if day not in judged:
        judged[day] = services.stock_now(enterprise, day)
    line = judged[day].get(getattr(material, "code", material))
    if line is None:
        return face.level("normal", " ")
    return badge(
        line["raw_level"], line["cover"], is_known=line["raw_level"] != "grey" and not line["stopped_for_want"]
    )


@register.inclusion_tag("alerts/warnings/of_enterprise.html", takes_context=True)
def enterprise_warnings(context, enterprise):
    """The open warnings of an enterprise as cards of its page show them, for those who may see them."""
    user = context["request"].user
    opened = Warning.objects.visible_to(user).open().filter(enterprise=enterprise)
    return {"rows": services.newest_judgements(opened), "enterprise": enterprise}


@register.filter(name="why")
def why_filter(assessed):
    """The sentence why."""
    return why(assessed, assessed.arrivals)


@register.filter(name="runs_out_on")
def runs_out_on_filter(assessed):
    return runs_out_on(assessed)


@register.filter(name="limits")
def limits_filter(rule):
    return limits_of(rule)


@register.filter
def cover_days(assessed):
    """The days of cover for a table, a dash where no reading tells them."""
    return "–" if assessed.is_grey or assessed.cover is None else tenths(assessed.cover)


@register.filter
def place(code):
    """Where: province, prefecture and county, as far down as it goes."""
    return _place(code)


@in_each_language
def _place(code):
    names, division = [], division_of(code)
    while division is not None and division.code != NATION:
        if not (names and COLLECTIVE.fullmatch(division.name)):
            names.append(str(division))
        division = division.parent if division.parent_id != NATION else None
    return " · ".join(reversed(names))


@register.inclusion_tag("alerts/warnings/cover_chart.html")
def cover_chart(judged):
    """The cover of an episode day by day from zero, with the limits as lines; hatched where no reading tells it."""
    if not judged:
        return {"shown": False}
    rule = judged[-1].rule
    limits = {level: float(getattr(rule, level)) for level in LIMITS}
    known = [None if each.is_grey or each.cover is None else float(each.cover) for each in judged]
    high = max([limits["blue"] * 1.15, *(value for value in known if value is not None)])
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    span = max((judged[-1].day - judged[0].day).days, 1)
    step = (right - LEFT) / span

    def x_of(on):
        return LEFT + (on - judged[0].day).days * step

    def y_of(value):
        return floor - value / high * (floor - TOP)

    points = [
        (x_of(each.day), None if value is None else y_of(value)) for each, value in zip(judged, known, strict=True)
    ]
    stretches = charts.runs(points)
    blind = [(each.day - judged[0].day).days for each, value in zip(judged, known, strict=True) if value is None]
    half = min(step / 2, 14)
    bands = [
        {"x": f"{start:.1f}", "width": f"{max(end - start, 3):.1f}"}
        for first, last in charts.merge_days(blind)
        for start in (max(LEFT + first * step - half, LEFT),)
        for end in (min(LEFT + last * step + half, right),)
    ]
    labels = charts.spread([y_of(limits[level]) for level in LIMITS], 17, TOP, floor)
    lines = [
        {"key": level, "y": f"{y_of(limits[level]):.1f}", "label_y": f"{at + 3.6:.1f}", "sign": face.LEVELS[level][0]}
        | {"name": face.LEVELS[level][1], "limit": face.quantity(getattr(rule, level))}
        for level, at in zip(LIMITS, labels, strict=True)
    ]
    marks = sorted({0, span // 2, span}) if len(judged) > 1 else [0]
    ticks = [{"x": f"{LEFT + n * step:.1f}", "text": face.short_day(judged[0].day + timedelta(days=n))} for n in marks]
    return {
        "shown": True,
        "width": f"{WIDTH:.0f}", "height": f"{HEIGHT:.0f}", "left": f"{LEFT:.0f}", "right": f"{right:.0f}",
        "label_x": f"{right + 8:.0f}", "axis_x": f"{LEFT - 7:.0f}", "top": f"{TOP:.0f}", "depth": f"{floor - TOP:.0f}",
        "zero_y": f"{floor:.1f}", "zero_text_y": f"{floor + 3.6:.1f}", "tick_y": f"{floor + 18:.1f}",
        "path": charts.path(stretches),
        "dots": [{"x": f"{x:.1f}", "y": f"{y:.1f}"} for run in stretches for x, y in run],
        "bands": bands, "lines": lines, "ticks": ticks, "judged": judged,
    }  # fmt: skip
