"""What lists write many times over, made for speed: fifty rows of it stand on every page.

Like the parts in `face` they take explicit parameters; what they draw is put together here, without a template.
"""

from functools import cache
from typing import Any

from django import template
from django.apps import apps
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template import defaulttags
from django.template.base import token_kwargs
from django.templatetags import i18n
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language

from whitelist.core.addresses import address_of, page_address
from whitelist.core.words import in_each_language

register = template.Library()

SELECTED = " selected"
KEPT = 4096  # drawings of one piece of a template


class FixedWords(template.Node):
    """A `translate` of words that stand in the template: they are looked up once for each language."""

    def __init__(self, plain: template.Node) -> None:
        self.plain = plain
        self.said: dict[str | None, Any] = {}

    def render(self, context: template.Context) -> Any:
        language = get_language()
        if language not in self.said:
            self.said[language] = self.plain.render(context)
        return self.said[language]


def translate(parser: Any, token: Any) -> template.Node:
    """Django's own tag, which `face` takes the place of, quick in tables, where the same words stand in fifty rows."""
    node = i18n.do_translate(parser, token)
    found = node.filter_expression
    named = node.message_context is None or not node.message_context.is_var
    is_fixed = found.var.literal is not None and not found.filters and not node.asvar and named
    return FixedWords(node) if is_fixed else node


class RowAddress(template.Node):
    """A `url` with a fixed name and at most one argument: that of a page, or of a row."""

    def __init__(self, name: str, key: Any) -> None:
        self.name, self.key = name, key

    def render(self, context: template.Context) -> str:
        address = address_of(self.name, self.key.resolve(context)) if self.key else page_address(self.name)
        return conditional_escape(address) if context.autoescape else address


def url(parser: Any, token: Any) -> template.Node:
    """Django's own tag, quick where it names a page or a row, as it does in fifty rows."""
    node = defaulttags.url(parser, token)
    named = node.view_name
    is_fixed = isinstance(named.var, str) and not named.filters and not node.kwargs and not node.asvar
    if not is_fixed or len(node.args) > 1:
        return node
    return RowAddress(named.var, node.args[0] if node.args else None)


class Alike(template.Node):
    """A piece of a template that sees the values named for it and nothing else, so that one drawing serves for all."""

    def __init__(self, named: dict[str, Any], nodelist: template.NodeList) -> None:
        self.named, self.nodelist = named, nodelist
        self.drawn: dict[tuple[Any, ...], Any] = {}

    def render(self, context: template.Context) -> Any:
        values = [value.resolve(context) for value in self.named.values()]
        if any(isinstance(value, Model) for value in values):
            raise TypeError("a row is the same row when its words have changed: name the words that are drawn")
        key = (get_language(), context.autoescape, *values, *map(type, values))
        drawn = self.drawn.get(key)
        if drawn is None:  # another thread may empty it at any moment
            if len(self.drawn) >= KEPT:
                self.drawn.clear()
            drawn = self.drawn[key] = self.nodelist.render(context.new(dict(zip(self.named, values, strict=True))))
        return drawn


@register.tag
def alike(parser: Any, token: Any) -> template.Node:
    """What is the same in many rows: `{% alike chain=row.chain field=row.field %}…{% endalike %}`.

    It is drawn once for equal values and a language; inside, nothing but these values is known. They are words, numbers
    and days, never rows.
    """
    said = token.split_contents()[1:]
    named = token_kwargs(said, parser)
    if said or not named:
        raise template.TemplateSyntaxError("alike takes the values that it depends on, each with a name")
    nodelist = parser.parse(("endalike",))
    parser.delete_first_token()
    return Alike(named, nodelist)


@cache
def labels_of(model: type[Model], name: str) -> dict[Any, Any]:
    """The words of a field with choices, as they stand in the model: lazy, for every language."""
    field: Any = model._meta.get_field(name)
    return dict(field.flatchoices)


@register.filter
def word(row: Model, name: str) -> str:
    """The word for what a row has chosen, with a capital: `row|word:"chain"`.

    The row's own `get_chain_display` looks up the words of all choices for the sake of one.
    """
    return _word(type(row), name, getattr(row, name))


@register.filter
def word_for(value: Any, path: str) -> str:
    """The word for a choice of a field named as `app.Model.field`, where the row itself is not at hand."""
    model, _, name = path.rpartition(".")
    return _word(apps.get_model(model), name, value)


@in_each_language
def _word(model: type[Model], name: str, value: Any) -> str:
    return capfirst(str(labels_of(model, name).get(value, value)))


@register.simple_tag
def filter_select(bound: BoundField) -> str:
    """A drop-down of a filter, which is sent as soon as it changes; its label is heard, not seen."""
    widget: Any = bound.field.widget
    chosen = widget.format_value(bound.value())
    marks = bound.build_widget_attrs({"id": bound.auto_id, "aria-label": str(bound.label), "data-autosubmit": True})
    offered = (("" if value is None else str(value), label) for value, label in widget.choices)
    options = ((value, SELECTED if value in chosen else "", label) for value, label in offered)
    return format_html(
        '<select name="{}"{}>{}</select>',
        bound.html_name,
        flatatt(widget.build_attrs({}, marks)),
        format_html_join("", '<option value="{}"{}>{}</option>', options),
    )
