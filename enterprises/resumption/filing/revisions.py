"""What a report said each time it was filed: the first value, every correction, who made it and why."""

from decimal import Decimal, InvalidOperation

from django.utils.text import capfirst
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Material
from enterprises.resumption.models import DailyReport
from enterprises.resumption.words import State
from whitelist.core.templatetags.face import quantity

VALUES = (
    "state",
    "staff_due",
    "staff_on_duty",
    "staff_in_loop",
    "output",
    "electricity",
    "inbound_open",
    "outbound_open",
    "epidemic_cases",
    "reason",
)
STOCK_LABELS = {
    "on_hand": _("%(material)s: on hand"),
    "daily_use": _("%(material)s: daily use"),
    "arrivals": _("%(material)s: confirmed arrivals"),
    "stopped_for_want": _("%(material)s: stopped for want of it"),
}


def snapshot(report, lines=None):
    """Everything a report says now, as plain data; `lines` are its stock with the materials, if they are at hand."""
    if lines is None:
        lines = report.stock.select_related("material")
    lines = sorted(lines, key=lambda line: line.material.code)
    stock = [{"material": line.material.code} | {name: getattr(line, name) for name in STOCK_LABELS} for line in lines]
    return {name: getattr(report, name) for name in VALUES} | {"filed_by": report.filed_by_id, "stock": stock}


def typed(model, said):
    """Values as plain data carries them, in the types of their fields."""
    decimal = {each.name for each in model._meta.fields if each.get_internal_type() == "DecimalField"}
    return {name: Decimal(x) if name in decimal and x is not None else x for name, x in said.items()}


def history(report):
    """The filing and the corrections of a report as entries of a timeline, newest first."""
    kept = list(report.revisions.select_related("replaced_by").order_by("revision"))
    said = [revision.values for revision in kept] + [snapshot(report)]
    names = _materials_in(said)
    entries = [_entry(report.filed_at, report.filed_by, translate("Filed"), said[0]["reason"], [])]
    for place, revision in enumerate(kept):
        changes = changes_between(said[place], said[place + 1], names)
        entries.append(
            _entry(revision.replaced_at, revision.replaced_by, translate("Corrected"), revision.reason, changes)
        )
    return entries[::-1]


def changes_between(before, after, names):
    """The values that differ between two snapshots, as (label, before, after) in words."""
    changes = [
        (capfirst(str(DailyReport._meta.get_field(name).verbose_name)), shown(before.get(name)), shown(after.get(name)))
        for name in VALUES
        if name != "reason"
    ]
    was, now = ({line["material"]: line for line in said.get("stock", ())} for said in (before, after))
    for code in sorted({*was, *now}):
        for name, label in STOCK_LABELS.items():
            told = str(label) % {"material": names.get(code, code)}
            changes.append((told, shown(was.get(code, {}).get(name)), shown(now.get(code, {}).get(name))))
    return [(label, old, new) for label, old, new in changes if old != new]


def changes_since(pairs):
    """What reports say otherwise now than snapshots of them: the changes of each pair of a snapshot and a report, whose
    stock is at hand with its materials.
    """
    both = [(before, snapshot(report, report.stock.all())) for before, report in pairs]
    names = _materials_in([said for pair in both for said in pair])
    return [changes_between(before, now, names) for before, now in both]


def shown(value):
    """A stored value in words: a state, yes or no, arrivals with their days, or a number."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, list):
        return ", ".join(f"{quantity(each['quantity'])} ({each['on']})" for each in value)
    if value in State.values:
        return str(State(value).label)
    try:
        return quantity(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _entry(at, who, verb, note, changes):
    return {"at": at, "who": str(who or ""), "verb": verb, "note": note, "changes": changes}


def _materials_in(said):
    """The materials that snapshots tell of, by their codes, in words."""
    codes = {line["material"] for values in said for line in values.get("stock", ())}
    return {material.code: str(material) for material in Material.objects.filter(code__in=codes)}
