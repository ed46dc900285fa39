"""What the register exports: for enterprises the columns of the import, so that a file can come back as it went out."""

from django.utils.translation import gettext_lazy as _

from enterprises.register import intake
from enterprises.register.columns import COLUMNS
from enterprises.register.materials import sheet as material_sheet
from enterprises.register.supply import columns as supply_columns
from whitelist.sheets.tables.versions import VERSION

PLACES_IN_THREE = {"province", "prefecture", "county"}  # the import takes them instead of a division's code
STANDS_AT = (VERSION.label, lambda row: row.version)  # the last column: the import sees by it what changed meanwhile


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
] + [STANDS_AT]


def headed(columns, **of):
    """The columns of an import as an export heads them, with what a row has there."""
    return [(column.label, of[column.key]) for column in columns]


MATERIAL_COLUMNS = [
    *headed(
        material_sheet.COLUMNS,
        code=lambda row: row.code,
        name=lambda row: row.name,
        name_en=lambda row: row.name_en,
        unit=lambda row: row.unit,
        chain=lambda row: row.get_chain_display(),
        is_bulk=lambda row: _("yes") if row.is_bulk else _("no"),
    ),
    STANDS_AT,
]
LINK_COLUMNS = [
    *headed(
        supply_columns.COLUMNS,
        supplier_code=lambda link: link.supplier.code if link.sees_supplier else "",
        supplier=lambda link: link.supplier.name,
        buyer_code=lambda link: link.buyer.code if link.sees_buyer else "",
        buyer=lambda link: link.buyer.name,
        material=lambda link: link.material.code,
        share=lambda link: link.share,
        criticality=lambda link: link.get_criticality_display(),
        is_sole_source=lambda link: _("yes") if link.is_sole_source else _("no"),
    ),
    (_("Confirmed"), lambda link: _("yes") if link.is_confirmed else _("no")),
    STANDS_AT,
]
