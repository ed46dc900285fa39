"""Verbs on materials, and the one answer to what is wrong with one, which page, API and sheet ask."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register import intake, policies
from enterprises.register.models import Material
from whitelist.audit.services import record
from whitelist.core.errors import DomainError, Fault, NotAllowed

MATERIAL = ("code", "name", "name_en", "unit", "chain", "is_bulk")


def tidied(values):
    """The values of a material as they are stored: single spaces, a code in lower case."""
    kept = {
        name: bool(values[name]) if name == "is_bulk" else " ".join(str(values[name] or "").split())
        for name in MATERIAL
        if name in values
    }
    return kept | ({"code": kept["code"].lower()} if "code" in kept else {})


def faults_in(row, *, unit_before=""):
    """What is wrong with a material by itself. `unit_before` is the unit in which its stock was told already."""
    faults = []
    try:
        row.clean_fields(exclude={"id", "version", "updated_at"})
    except ValidationError as refusal:
        faults = intake.faults_of(refusal)
    if unit_before and row.unit != unit_before:
        told = _("Stock was told in “%(unit)s” already; enter a new material instead.") % {"unit": unit_before}
        faults.append(Fault("unit", "in_use", told))
    return faults


def _read(values, row, *, unit_before=""):
    """Set the values of a material; raises with every fault at its field."""
    for name, value in tidied(values).items():
        setattr(row, name, value)
    faults = faults_in(row, unit_before=unit_before)
    if Material.objects.filter(code=row.code).exclude(pk=row.pk).exists():
        faults.append(Fault("code", "taken", _("This code is in the vocabulary already.")))
    if faults:
        raise DomainError(_("The material cannot be entered like this."), errors=faults)
    return row


@transaction.atomic
def add_material(*, by, **values):
    """A new word in the shared vocabulary: code, name and the unit in which its stock is counted."""
    if not policies.may_edit_materials(by):
        raise NotAllowed
    row = _read(values, Material())
    row.save(force_insert=True)
    record(row, "added", by=by, after={name: getattr(row, name) for name in MATERIAL})
    return row


@transaction.atomic
def change_material(material, *, by, **values):
    """Change a material. Its unit stays once stock was told in it: old readings would change their meaning."""
    if not policies.may_edit_materials(by):
        raise NotAllowed
    row = Material.objects.select_for_update().order_by("pk").get(pk=material.pk)
    before = {name: getattr(row, name) for name in MATERIAL}
    row = _read(values, row, unit_before=row.unit if row.stock.exists() else "")
    changed = [name for name in MATERIAL if getattr(row, name) != before[name]]
    if changed:
        was = {"version": row.version}
        row.version, row.updated_at = row.version + 1, timezone.now()
        row.save(update_fields=[*changed, "version", "updated_at"])
        before, after = ({name: values[name] for name in changed} for values in (before, vars(row)))
        record(row, "changed", by=by, before=was | before, after=was | after)
    return row


def put_material(*, by, **values):
    """Add the material with this code, or change the one that has it. Returns (material, whether it is new)."""
    known = Material.objects.filter(code=str(values.get("code", "")).strip().lower()).first()
    if known is None:
        return add_material(by=by, **values), True
    return change_material(known, by=by, **values), False
