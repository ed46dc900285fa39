"""Charts as SVG, drawn on the server: no script, no style attributes, hatching where not known, a table beside each.

All take plain lists. Percentages stand on a fixed scale from 0 to 100, so that two days look alike only if they are.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from whitelist.core.templatetags.face import as_decimal, quantity, rate, short_day

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT = 150.0, 28.0
CHART_WIDTH, CHART_HEIGHT = 600.0, 216.0
TOP, BOTTOM, LEFT = 10.0, 24.0, 30.0
LABEL_GAP = 19.0  # least distance of two end labels, in chart units; enough for the larger letters on a phone
LABEL_UNIT = 17.0  # size of a letter on a phone, in chart units; the margin at the right is made for it
TICKS = 5
GRIDLINES = (0, 25, 50, 75, 100)
BAR_WIDTH = 130.0


def spread(values: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions apart until neighbours keep the gap, as little as possible and within the bounds, in order."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    placed = [values[index] for index in order]
    for index in range(1, len(placed)):
        placed[index] = max(placed[index], placed[index - 1] + gap)
    for index in range(len(placed) - 1, -1, -1):
        ceiling = high if index == len(placed) - 1 else placed[index + 1] - gap
        placed[index] = max(min(placed[index], ceiling), low)
    result = [0.0] * len(values)
    for position, index in zip(placed, order, strict=True):
        result[index] = position
    return result


def letters(text: str) -> float:
    """Rough width of a text in units of its size."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WF" else 0.56 for character in text)


def runs(points: Iterable[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    """Stretches without a gap."""
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return [run for run in found if run]


def path(stretches: list[list[tuple[float, float]]]) -> str:
    """One SVG path; stretches are not joined."""
    return " ".join("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in run) for run in stretches if len(run) > 1)


def number(value: object) -> float | None:
    """A value as a coordinate."""
    exact = as_decimal(value)
    return None if exact is None else float(exact)


@register.inclusion_tag("parts/sparkline.html")
def sparkline(values: Iterable[Any], label: str = "") -> dict[str, Any]:
    """The last weeks of a figure without axes; None leaves a gap. What it shows is also said in words."""
    values = [number(value) for value in values or []]
    known = [value for value in values if value is not None]
    if not known:
        return {"shown": False}
    low, high = min(known), max(known)
    step = (SPARK_WIDTH - 6) / max(len(values) - 1, 1)

    def place(index: int, value: float | None) -> tuple[float, float | None]:
        if value is None:
            return index * step + 2, None
        share = (value - low) / (high - low) if high > low else 0.5
        return index * step + 2, 24 - share * 20

    stretches = runs(place(index, value) for index, value in enumerate(values))
    missing = len(values) - len(known)
    said = gettext("from %(first)s to %(last)s, lowest %(low)s, highest %(high)s") % {
        "first": quantity(known[0]), "last": quantity(known[-1]), "low": quantity(low), "high": quantity(high),
    }  # fmt: skip
    if missing:
        said += ", " + ngettext("%(count)s day not known", "%(count)s days not known", missing) % {"count": missing}
    end_x, end_y = stretches[-1][-1]
    return {
        "shown": True,
        "path": path(stretches),
        "lone": [{"x": f"{run[0][0]:.1f}", "y": f"{run[0][1]:.1f}"} for run in stretches if len(run) == 1],
        "end": {"x": f"{end_x:.1f}", "y": f"{end_y:.1f}"},
        "said": f"{label}: {said}" if label else said,
    }


def merge_days(days: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbouring day numbers."""
    merged: list[tuple[int, int]] = []
    for index in sorted(days):
        if merged and merged[-1][1] == index - 1:
            merged[-1] = (merged[-1][0], index)
        else:
            merged.append((index, index))
    return merged


def twin_rows(days: Sequence[date], lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same figures as rows, newest first."""
    rows = []
    for index in range(len(days) - 1, -1, -1):
        cells = [{"text": rate(line["values"][index]), "carried": line["carried"][index]} for line in lines]
        rows.append({"day": days[index], "cells": cells})
    return rows


@register.inclusion_tag("parts/rate_lines.html")
def rate_lines(series: Sequence[dict[str, Any]], title: str = "", note: str = "") -> dict[str, Any]:
    """Rates over days: [{key, label, points: [(day, percent or None, carried)]}], drawn from 0 to 100.

    A day on which any value is missing or carried forward is hatched over its whole height. Labels stand at the end
    of their lines and are moved apart. `tone` in a series (1 to 4) fixes its colour and dash.
    """
    days = sorted({point[0] for line in series for point in line["points"]})
    if not days:
        return {"shown": False}
    lines = []
    for index, line in enumerate(series):
        by_day = {point[0]: point for point in line["points"]}
        found = [by_day.get(on, (on, None, False)) for on in days]
        values = [number(point[1]) for point in found]
        carried = [bool(point[2]) for point in found]
        last = next((value for value in reversed(values) if value is not None), None)
        lines.append({
            "label": str(line["label"]), "tone": line.get("tone", index % 4 + 1), "values": values, "carried": carried,
            "last": last, "name": f"{line['label']} {rate(last)}",
        })  # fmt: skip
    margin = max(letters(line["name"]) for line in lines) * LABEL_UNIT + 14
    right, floor = CHART_WIDTH - min(margin, CHART_WIDTH * 0.42), CHART_HEIGHT - BOTTOM
    step = (right - LEFT) / max(len(days) - 1, 1)

    def x_of(index: int) -> float:
        return LEFT + index * step

    def y_of(value: float) -> float:
        return floor - min(max(value, 0.0), 100.0) / 100 * (floor - TOP)

    for line in lines:
        stretches = runs((x_of(i), None if v is None else y_of(v)) for i, v in enumerate(line["values"]))
        line["path"] = path(stretches)
        line["lone"] = [{"x": f"{run[0][0]:.1f}", "y": f"{run[0][1]:.1f}"} for run in stretches if len(run) == 1]
        line["end_x"], line["end_y"] = stretches[-1][-1] if stretches else (right, floor)
    for line, y in zip(lines, spread([line["end_y"] for line in lines], LABEL_GAP, TOP, floor), strict=True):
        line["label_x"], line["label_y"] = f"{right + 10:.1f}", f"{y + 3.6:.1f}"
        line["leader"] = f"M{line['end_x'] + 2:.1f} {line['end_y']:.1f} L{right + 8:.1f} {y:.1f}"
    doubtful = [i for i in range(len(days)) if any(line["values"][i] is None or line["carried"][i] for line in lines)]
    bands = []
    for first, last in merge_days(doubtful):
        start, end = max(x_of(first) - step / 2, LEFT), min(x_of(last) + step / 2, right)
        bands.append({"x": f"{start:.1f}", "width": f"{max(end - start, 3):.1f}"})
    places = sorted({round(i * (len(days) - 1) / (TICKS - 1)) for i in range(TICKS)})
    ends = {places[0]: "start" if len(places) > 1 else "middle", places[-1]: "middle"}
    return {
        "shown": True,
        "title": title or ", ".join(line["label"] for line in lines),
        "said": describe(lines, days),
        "note": note,
        "width": f"{CHART_WIDTH:.0f}", "height": f"{CHART_HEIGHT:.0f}", "left": f"{LEFT:.0f}", "right": f"{right:.1f}",
        "axis_x": f"{LEFT - 7:.0f}", "tick_y": f"{floor + 19:.1f}", "top": f"{TOP:.0f}", "depth": f"{floor - TOP:.0f}",
        "gridlines": [{"y": f"{y_of(v):.1f}", "text_y": f"{y_of(v) + 3.6:.1f}", "value": v} for v in GRIDLINES],
        "ticks": [
            {"x": f"{x_of(i):.1f}", "text": short_day(days[i]), "anchor": ends.get(i, "middle"), "thin": p % 2 == 1}
            for p, i in enumerate(places)
        ],
        "bands": bands, "lines": lines, "rows": twin_rows(days, lines),
    }  # fmt: skip


def describe(lines: Sequence[dict[str, Any]], days: Sequence[date]) -> str:
    """What the lines show, for those who cannot see them."""
    parts = [line["name"] for line in lines]
    span = {"first": short_day(days[0]), "last": short_day(days[-1]), "ends": "; ".join(parts)}
    return gettext("%(first)s to %(last)s, in per cent. At the end: %(ends)s.") % span


@register.inclusion_tag("parts/unit_grid.html")
def unit_grid(tiles: Iterable[dict[str, Any]], low: str = "", high: str = "", unit: str = "%") -> dict[str, Any]:
    """Tiles in rough place: {col 0–8, row 0–7, short, letter, value (text or None), bucket 0–10 or None, href, title}.

    A tile without a bucket is hatched. `low` and `high` label the ends of the scale.
    """
    drawn = []
    for tile in tiles:
        bucket, value = tile.get("bucket"), tile.get("value")
        known = bucket is not None and value is not None
        shade = f"rate-{min(max(int(bucket or 0), 0), 10)}" if known else "unknown"
        drawn.append({
            "place": f"col-{int(tile['col'])} row-{int(tile['row'])}", "shade": shade, "known": known,
            "short": tile["short"], "letter": tile["letter"], "value": "–" if value is None else value,
            "href": tile["href"], "title": tile["title"],
        })  # fmt: skip
    return {"tiles": drawn, "steps": [f"rate-{step}" for step in range(11)], "low": low, "high": high, "unit": unit}


@register.inclusion_tag("parts/level_bar.html")
def level_bar(red: int, yellow: int, blue: int, grey: int, total: int) -> dict[str, Any]:
    """Counts of the levels side by side, from zero, on a common length `total`. The counts stand in the row."""
    scale, left, segments = BAR_WIDTH / max(total, red + yellow + blue + grey, 1), 0.0, []
    for key, count in (("red", red), ("yellow", yellow), ("blue", blue), ("grey", grey)):
        if count:
            segments.append({"key": key, "x": f"{left:.1f}", "width": f"{count * scale:.1f}"})
            left += count * scale
    said = gettext("%(red)s red, %(yellow)s yellow, %(blue)s blue, %(grey)s without data") % {
        "red": red, "yellow": yellow, "blue": blue, "grey": grey,
    }  # fmt: skip
    return {"segments": segments, "said": said}
