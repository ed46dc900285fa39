"""Addresses of pages and rows: a hundred stand on every list; most are fixed, in others only the key differs."""

from functools import cache

from django.urls import get_script_prefix, reverse

MARKS = {int: 123_456_789_123_456_789, str: "123456789123456789"}


def page_address(name):
    """`reverse(name)` for a page that has no key."""
    return _of_page(name, get_script_prefix())


@cache
def _of_page(name, _prefix):
    return reverse(name)


@cache
def _around_key(name, kind, _prefix):
    """What stands before and after the key in the addresses of a name."""
    before, after = reverse(name, args=[MARKS[kind]]).split(str(MARKS[kind]))
    return before, after


def address_of(name, key):
    """`reverse(name, args=[key])` for the id or the code of a row, without looking through all patterns each time."""
    kind = type(key)
    if kind not in MARKS or not str(key).isalnum():
        return reverse(name, args=[key])
    before, after = _around_key(name, kind, get_script_prefix())
    return f"{before}{key}{after}"
