"""How rows say where an enterprise stands."""

from django import template
from django.utils.html import conditional_escape, format_html

from whitelist.accounts.divisions import division_of
from whitelist.core.words import in_each_language

register = template.Library()

BELOW = ("prefecture", "county")


@register.simple_tag
def short_place(code):
    """A division with the one above it; entries of the standard that only gather others are passed over."""
    return _short_place(code)


@in_each_language
def _short_place(code):
    division = division_of(code)
    if division.level not in BELOW:
        return conditional_escape(division)
    above = division.parent
    if "辖" in above.name or above.name == "县":
        above = above.parent
    return format_html('{}<span class="dot"></span>{}', above, division)
