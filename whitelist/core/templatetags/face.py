"""The parts that pages are made of, and how numbers, days and moments are written.

Every tag takes explicit parameters and renders one template of `templates/parts/`; what stands in every row of a list
is put together here, for speed. Nothing here knows the subject.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext, gettext_lazy

from whitelist.core.days import SHANGHAI
from whitelist.core.templatetags import rows
from whitelist.core.words import in_each_language

register = template.Library()
register.tag("translate", rows.translate)
register.tag("url", rows.url)

UNKNOWN = "—"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

LEVELS = {
    "red": ("▲", gettext_lazy("Red")),
    "yellow": ("◆", gettext_lazy("Yellow")),
    "blue": ("●", gettext_lazy("Blue")),
    "grey": ("○", gettext_lazy("No data")),
    "normal": ("", gettext_lazy("Normal")),
}

SIGNS = {"attention": "◆", "good": "✓", "bad": "✕", "info": "●", "neutral": "○", "off": "–"}

TONES = {
    "draft": "neutral",
    "submitted": "attention",
    "approved": "info",
    "published": "good",
    "returned": "bad",
    "withdrawn": "off",
}


# How values are written


def is_chinese() -> bool:
    """Whether the page is being read in Chinese."""
    return (get_language() or "").startswith("zh")


def as_decimal(value: object) -> Decimal | None:
    """The value as an exact number, or None where it is not one."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@register.filter
def quantity(value: object) -> str:
    """22522 as "22,522", 3.500 as "3.5", nothing as a dash; what is not a number is left as it is."""
    if value is None or value == "":
        return UNKNOWN
    number = as_decimal(value)
    if number is None:
        return str(value)
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


@register.filter
def rate(value: object) -> str:
    """A percentage (0 to 100) with one decimal, rounded half up: "86.8"; unknown is "–"."""
    number = as_decimal(value)
    if number is None:
        return "–"
    return str(number.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def local_day(value: date | datetime) -> date:
    """The day on the wall calendar in China."""
    if isinstance(value, datetime):
        return (value.astimezone(SHANGHAI) if timezone.is_aware(value) else value).date()
    return value


@register.filter
def day(value: date | datetime | None) -> str:
    """9 May 2022 or 2022年5月9日, never broken across lines."""
    return long_day(local_day(value)) if value else UNKNOWN


def long_day(on: date) -> str:
    if is_chinese():
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day}\N{NO-BREAK SPACE}{LONG_MONTHS[on.month - 1]}\N{NO-BREAK SPACE}{on.year}"


@register.filter
def short_day(value: date | datetime | None) -> str:
    """9 May or 5月9日, where the year is plain from the page."""
    if not value:
        return UNKNOWN
    on = local_day(value)
    return f"{on.month}月{on.day}日" if is_chinese() else f"{on.day}\N{NO-BREAK SPACE}{MONTHS[on.month - 1]}"


@register.filter
def moment(value: datetime | None) -> str:
    """The day and the minute in China: 9 May 2022 17:42."""
    if not value:
        return UNKNOWN
    at = value.astimezone(SHANGHAI) if timezone.is_aware(value) else value
    return f"{long_day(at)}\N{NO-BREAK SPACE}{at.hour:02}:{at.minute:02}"


@register.filter
def mask_tail(value: object, shown: int = 4) -> str:
    """Only the last characters of a number that identifies a person: "****1234". The length is not told."""
    text = "" if value is None else str(value)
    if not text:
        return UNKNOWN
    return "****" + (text[-shown:] if len(text) > shown else "")


# Badges, chips, figures


@register.inclusion_tag("parts/level.html")
def level(value: str, text: object = "") -> dict[str, Any]:
    """A level: sign and colour with its word, or with a text such as "2.1 d" and the word for those who only hear."""
    sign, word = LEVELS.get(value, LEVELS["grey"])
    key = value if value in LEVELS else "grey"
    return {"key": key, "sign": sign, "word": word, "text": "" if text is None else str(text)}


register.inclusion_tag("parts/level.html", name="status")(level)


STATE = '<span class="state state-{}"><span class="sign" aria-hidden="true">{}</span>{}</span>'


@register.simple_tag
def state(value: str, label: str = "", tone: str = "") -> str:
    """Where something stands in its workflow. The tone follows from the value unless it is given."""
    return _state(str(value), str(label), tone)


@lru_cache(maxsize=1024, typed=True)
def _state(value: str, label: str, tone: str) -> str:
    chosen = tone or TONES.get(value, value)
    chosen = chosen if chosen in SIGNS else "neutral"
    return format_html(STATE, chosen, SIGNS[chosen], label or value)


@register.inclusion_tag("parts/figure.html")
def figure(
    label: str,
    value: object,
    unit: str = "",
    href: str = "",
    change: str = "",
    tone: str = "",
    sub: str = "",
    spark: list[Any] | None = None,
    value_tone: str = "",
) -> dict[str, Any]:
    """One cell of the figures strip. `tone` (better, worse) is that of the change, `value_tone` of the number."""
    words = {"better": gettext("better"), "worse": gettext("worse")}
    return {
        "label": label,
        "value": value if isinstance(value, str) and value else quantity(value),
        "unit": unit if value is not None else "",
        "href": href,
        "change": change,
        "tone": tone,
        "tone_word": words.get(tone, ""),
        "sub": sub,
        "spark": spark,
        "value_tone": value_tone,
    }


@register.inclusion_tag("parts/progress.html")
def progress(ratio: float | Decimal | None, label: str) -> dict[str, Any]:
    """How far, 0 to 1, as a bar with its words; None is shown hatched."""
    number = as_decimal(ratio)
    percent = None if number is None else min(max(number * 100, Decimal(0)), Decimal(100))
    return {"percent": percent, "plain": "" if percent is None else f"{percent:.1f}", "label": label}


@register.inclusion_tag("parts/empty_state.html")
def empty_state(title: str, sentence: str = "", href: str = "", label: str = "") -> dict[str, str]:
    """Why there is nothing, and the next step."""
    return {"title": title, "sentence": sentence, "href": href, "label": label}


# Tables


def address(query: QueryDict, **changes: object) -> str:
    """The same address with some parameters set, or left out where they are None."""
    query = query.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


def query_of(context: Context) -> QueryDict:
    """What stands in the address of the page being drawn."""
    request = context.get("request")
    return request.GET if request is not None else QueryDict()


@register.inclusion_tag("parts/sort_header.html", takes_context=True)
def sort_header(context: Context, name: str, label: str, number: bool = False, param: str = "sort") -> dict[str, Any]:
    """A column heading that sorts: first up, then down, keeping filters and forgetting the page."""
    query = query_of(context)
    now = query.get(param, "")
    direction = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    target = f"-{name}" if direction == "ascending" else name
    return {
        "label": label,
        "href": address(query, **{param: target, "page": None}),
        "direction": direction,
        "arrow": {"ascending": "↑", "descending": "↓"}.get(direction, ""),
        "number": number,
    }


@register.inclusion_tag("parts/pager.html", takes_context=True)
def pager(context: Context, page_obj: Page, param: str = "page") -> dict[str, Any]:
    """Which rows of how many, and the way to the others with the address kept."""
    query, gap = query_of(context), page_obj.paginator.ELLIPSIS
    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    pages = [
        {"number": number, "href": "" if number == gap else address(query, **{param: number})} for number in numbers
    ]
    near = {
        "previous": address(query, **{param: page_obj.number - 1}) if page_obj.has_previous() else "",
        "next": address(query, **{param: page_obj.number + 1}) if page_obj.has_next() else "",
    }
    return {
        "first": quantity(page_obj.start_index()),
        "last": quantity(page_obj.end_index()),
        "total": quantity(page_obj.paginator.count),
        "many": page_obj.paginator.num_pages > 1,
        "current": page_obj.number,
        "pages": pages,
        "near": near,
    }


# What happened


def part_of(entry: Any, name: str) -> Any:
    """A named part of an entry, be it an object or a mapping; None where it has none."""
    return entry.get(name) if isinstance(entry, Mapping) else getattr(entry, name, None)


def as_changes(changes: Any) -> list[dict[str, Any]]:
    """Rows of label, before and after from {label: (before, after)}, from triples, or from mappings with those keys."""
    if not changes:
        return []
    triples = [(label, *pair) for label, pair in changes.items()] if isinstance(changes, Mapping) else changes
    rows = []
    for row in triples:
        cells = (row["label"], row["before"], row["after"]) if isinstance(row, Mapping) else row
        label, before, after = ("" if cell is None else cell for cell in cells)
        rows.append({"label": label, "before": before, "after": after})
    return rows


@in_each_language
def patterns_of_changes() -> dict[tuple[bool, bool], str]:
    """How a change is written, by whether there was a value before and whether there is one now."""
    was = format_html('<del><span class="visually-hidden">{} </span>{{before}}</del>', gettext("was"))
    now = format_html('<ins><span class="visually-hidden">{} </span>{{after}}</ins>', gettext("now"))
    both = f'{was}<span class="arrow" aria-hidden="true">→</span>{now}'
    shown = {(True, True): both, (True, False): was, (False, True): now, (False, False): ""}
    return {which: f"<dt>{{label}}</dt><dd>{pattern}</dd>" for which, pattern in shown.items()}


@register.simple_tag
def diff(changes: Any) -> str:
    """Field by field: what it was and what it is now."""
    patterns = patterns_of_changes()
    rows = ((format_html(patterns[each["before"] != "", each["after"] != ""], **each),) for each in as_changes(changes))
    return format_html('<dl class="diff">{}</dl>', format_html_join("", "{}", rows))


@register.inclusion_tag("parts/timeline.html")
def timeline(entries: Any) -> dict[str, Any]:
    """Who did what and when, with the note and the changes."""
    rows = []
    for entry in entries or []:
        row = {name: part_of(entry, name) or "" for name in ("at", "who", "verb", "note")}
        rows.append({**row, "changes": as_changes(part_of(entry, "changes"))})
    return {"entries": rows}


# Forms


MODES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.EmailField, "email"),
    (forms.URLField, "url"),
    (forms.DecimalField, "decimal"),
    (forms.FloatField, "decimal"),
    (forms.IntegerField, "numeric"),
)


def shape_of(bound: BoundField, segmented: bool) -> str:
    """Which of the field templates' shapes this widget needs."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.RadioSelect):
        return "segmented" if segmented else "choices"
    return "select" if isinstance(widget, forms.Select) and not widget.allow_multiple_selected else "box"


@register.inclusion_tag("parts/field.html")
def field(
    bound: BoundField,
    prefilled: str = "",
    unit: str = "",
    segmented: bool = True,
    autocomplete: str = "",
    inputmode: str = "",
    classes: str = "",
) -> dict[str, Any]:
    """A form field: label above, hint below, error beside. `prefilled` is a grey note inside, such as "was 2,940"."""
    shape = shape_of(bound, segmented)
    mode = inputmode or next((mode for kind, mode in MODES if isinstance(bound.field, kind)), "")
    wanted = {"inputmode": mode, "autocomplete": autocomplete}
    own = bound.field.widget.attrs
    attrs: dict[str, str | bool] = {name: value for name, value in wanted.items() if value and name not in own}
    return {
        "bound": bound,
        "name": bound.name,
        "label": bound.label,
        "label_for": bound.id_for_label,
        "hint": bound.help_text,
        "errors": bound.errors,
        "is_hidden": bound.is_hidden,
        "optional": not bound.field.required and shape != "check",
        "shape": shape,
        "widget": bound.as_widget(attrs=attrs) if shape in ("box", "select", "check") else "",
        "choices": list(bound.subwidgets) if shape in ("segmented", "choices") else [],
        "prefilled": prefilled,
        "unit": unit,
        "classes": classes,
        "hint_id": f"{bound.auto_id}_helptext" if bound.auto_id else "",
        "error_id": f"{bound.auto_id}_error" if bound.auto_id else "",
    }


@register.simple_tag
def error_summary(form: forms.BaseForm) -> str:
    """All that is wrong with a form in one list that takes the focus, each entry leading to its field."""
    errors: list[dict[str, str]] = []
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        target = (bound.id_for_label or bound.auto_id) if bound is not None and not bound.is_hidden else ""
        label = str(bound.label) if bound is not None and target else ""
        errors += [{"target": target, "label": label, "message": str(message)} for message in messages]
    return render_to_string("parts/error_summary.html", {"errors": errors}) if errors else ""
