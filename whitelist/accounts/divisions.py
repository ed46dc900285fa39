"""Divisions in memory: they come with a migration and do not change while a process lives, so no row joins them."""

from itertools import groupby

from django.apps import apps
from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor

_known: dict = {}
_below: dict = {}


def known_divisions():
    """Every division by its code, in the order of codes, read once in the life of a process."""
    if not _known:
        found = list(apps.get_model("accounts", "Division")._default_manager.order_by("code"))
        _below.update({code: list(some) for code, some in groupby(sorted(found, key=_above), key=_above)})
        _known.update({division.pk: division for division in found})
    return _known


def division_of(code):
    """The division of a code, also one that was entered after this process began."""
    return known_divisions().get(code) or apps.get_model("accounts", "Division")._default_manager.get(pk=code)


def _above(division):
    return division.parent_id or ""


def divisions_below(code):
    """The divisions right below one, in the order of their codes; none below an unknown one."""
    known_divisions()
    return _below.get(code or "", [])


class _Known(ForwardManyToOneDescriptor):
    def get_object(self, instance):
        code = getattr(instance, self.field.attname)
        return known_divisions().get(code) or super().get_object(instance)


class DivisionKey(models.ForeignKey):
    """A key to a division whose object, and those above it, are at hand without `select_related` or a query.

    In migrations it is the plain foreign key that it is in the database.
    """

    forward_related_accessor_class = _Known

    def __init__(self, to="accounts.Division", on_delete=models.PROTECT, **options):
        super().__init__(to, on_delete, **options)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs
