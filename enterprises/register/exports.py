"""What the register exports: for enterprises the columns of the import, so that a file can come back as it went out."""

from django.utils.translation import gettext_lazy as _

from enterprises.register import intake
from enterprises.register.columns import COLUMNS

PLACES_IN_THREE = {"province", "prefecture", "county"}  # the import takes them instead of a division's code


def cell(name):
    """How a field stands in a file: slugs as their labels, a division as its code, several values with a comma."""
    field = intake.field_of(name)

    def value(row):
        stored = intake.stored(row, name)
        if isinstance(stored, list):
            choices = dict(field.base_field.flatchoices)
            return ", ".join(str(choices.get(each, each)) for each in stored)
        return str(dict(field.flatchoices).get(stored, stored)) if field.flatchoices else stored

    return value


def code_of(row):
    return row.code


ENTERPRISE_COLUMNS = [
    (column.label, code_of if column.key == "code" else cell(column.key))
    for column in COLUMNS
    if column.key not in PLACES_IN_THREE
]
MATERIAL_COLUMNS = [
    (_("code"), lambda row: row.code),
    (_("name"), lambda row: row.name),
    (_("English name"), lambda row: row.name_en),
    (_("unit"), lambda row: row.unit),
    (_("chain"), lambda row: row.get_chain_display()),
    (_("bulk raw material"), lambda row: _("yes") if row.is_bulk else _("no")),
]
LINK_COLUMNS = [
    (_("supplier code"), lambda link: link.supplier.code if link.sees_supplier else ""),
    (_("supplier"), lambda link: link.supplier.name),
    (_("buyer code"), lambda link: link.buyer.code if link.sees_buyer else ""),
    (_("buyer"), lambda link: link.buyer.name),
    (_("material"), lambda link: link.material.code),
    (_("share, %"), lambda link: link.share),
    (_("if it fails"), lambda link: link.get_criticality_display()),
    (_("sole source"), lambda link: _("yes") if link.is_sole_source else _("no")),
    (_("confirmed"), lambda link: _("yes") if link.is_confirmed else _("no")),
]
