"""How an entry is told to people: the steps by their words, the values by the labels of their fields."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from whitelist.core.days import SHANGHAI
from whitelist.core.scoping import ScopedModel
from whitelist.core.words import in_each_language

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT")
VERBS = {
    "absorbed": _("took in another"),
    "acknowledged": _("acknowledged"),
    "accept": _("accepted"),
    "added": _("added"),
    "approve": _("approved"),
    "ask": _("asked which heading is meant"),
    "changed": _("changed"),
    "cancel": _("confirmation cancelled"),
    "choose": _("sheet chosen"),
    "closed": _("closed"),
    "closing proposed": _("end proposed"),
    "confirm": _("import confirmed"),
    "confirmed": _("confirmed"),
    "correct": _("cell corrected"),
    "corrected": _("corrected"),
    "decline": _("declined"),
    "declared": _("declared"),
    "discard": _("discarded"),
    "dismiss": _("dismissed"),
    "drafted": _("drafted"),
    "excepted": _("enterprise left out"),
    "exception_ended": _("counts again"),
    "end": _("over"),
    "exported": _("exported"),
    "fail": _("failed"),
    "filed": _("filed"),
    "finish": _("finished"),
    "finish_undo": _("undoing finished"),
    "give_up_undo": _("undoing given up"),
    "headings forgotten": _("headings forgotten"),
    "imported": _("imported"),
    "lapse": _("lapsed"),
    "lines decided": _("lines decided"),
    "lines dropped": _("lines dropped"),
    "lines put": _("lines entered"),
    "look_again": _("to be read again"),
    "map": _("columns named"),
    "merge": _("merged into another"),
    "moved": _("moved"),
    "nominated": _("nominated"),
    "offer": _("sheets offered"),
    "opened": _("opened"),
    "password changed": _("password changed"),
    "password set": _("password set by an administrator"),
    "proposed": _("proposed"),
    "publish": _("published"),
    "read_again": _("read again"),
    "redraft": _("taken up again"),
    "refuse": _("refused"),
    "removed": _("removed"),
    "renamed": _("renamed"),
    "retire": _("retired"),
    "return": _("returned"),
    "show": _("preview shown"),
    "submit": _("submitted"),
    "take": _("taken up"),
    "token made": _("token made"),
    "token revoked": _("token revoked"),
    "undo": _("undoing asked for"),
    "undone": _("undone"),
    "uploaded": _("uploaded"),
    "withdraw": _("withdrawn"),
}
# What entries tell beside the fields of their rows.
KEYS = {
    "by filter": _("by filter"),
    "cells": _("cells"),
    "count": _("number of rows"),
    "dropped": _("supply links dropped"),
    "enterprise": _("enterprise"),
    "enterprises": _("enterprises"),
    "expires_at": _("expires"),
    "headings": _("number of headings"),
    "filters": _("filters"),
    "form": _("form of the file"),
    "joined": _("supply links joined"),
    "moved": _("supply links moved"),
    "refusal_code": _("code of the refusal"),
    "rows": _("rows"),
    "token": _("token"),
    "version": _("version of the row"),
}


@dataclass(frozen=True)
class Told:
    """An entry as the timeline shows it."""

    at: datetime
    who: str
    verb: str
    note: str
    changes: list


@in_each_language
def say(verb):
    """The word for a step; a step without one is shown by its name."""
    return capfirst(str(VERBS.get(verb, verb.replace("_", " "))))


@in_each_language
def steps():
    """The steps that entries can tell, as (stored, word)."""
    return sorted(((verb, say(verb)) for verb in VERBS), key=lambda step: step[1])


@in_each_language
def kinds():
    """The kinds of rows that entries can be about, as (stored label, name)."""
    known = [model for model in apps.get_models() if issubclass(model, ScopedModel)]
    return sorted(
        ((model._meta.label_lower, kind_of(model._meta.label_lower)) for model in known), key=lambda kind: kind[1]
    )


def model_of(subject):
    """The model an entry is about, None where the product has no such kind any more."""
    try:
        return apps.get_model(subject)
    except (LookupError, ValueError):
        return None


@in_each_language
def kind_of(subject):
    model = model_of(subject)
    return capfirst(str(model._meta.verbose_name)) if model else subject


def changes_of(entry):
    """The values that differ, as (label, before, after) in words."""
    model = model_of(entry.subject)
    return [
        (_label(model, name), _value(model, name, before), _value(model, name, after))
        for name, before, after in entry.changes
    ]


def tell(entry):
    who = str(entry.actor) if entry.actor else translate("the system")
    return Told(entry.at, who, say(entry.verb), entry.note, changes_of(entry))


@cache
def field_of(model, name):
    """The field that names and words a value; a model says by `TOLD_BY` which of a related row's it borrows."""
    for part in getattr(model, "TOLD_BY", {}).get(name, name).split("__"):
        try:
            field = model._meta.get_field(part) if model else None
        except FieldDoesNotExist:
            return None
        model = getattr(field, "related_model", None)
    return field


def label_of(model, name):
    """The word for a value, None where nobody gave it one: a name that the frame made of the field's is no word."""
    given = getattr(field_of(model, name), "verbose_name", None)
    return given if isinstance(given, Promise) else KEYS.get(name)


@in_each_language
def _label(model, name):
    return capfirst(str(label_of(model, name) or name.replace("_", " ")))


def _value(model, name, value):
    field = field_of(model, name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, list):
        inner = getattr(field, "base_field", None)
        return ", ".join(_choice(inner, each) for each in value)
    if isinstance(value, str) and INSTANT.match(value):
        return _moment(value)
    return _choice(field, value)


def _moment(text):
    try:
        at = parse_datetime(text)
    except ValueError:
        return text
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else text


@in_each_language
def _choices(field):
    return {value: str(label) for value, label in getattr(field, "flatchoices", None) or ()}


def _choice(field, value):
    known = _choices(field)
    return str(known.get(value, value) if isinstance(value, (str, int)) else value)
