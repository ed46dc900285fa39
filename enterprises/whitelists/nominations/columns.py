"""What the export of nominations holds: (heading, what a row has there). Of strangers it holds the name only."""

from django.utils.translation import gettext as _


def told(value):
    """A part of the evidence, for those who may read it."""
    return lambda row: value(row) if row.sees_evidence else ""


def nominations():
    return [
        (_("Buyer"), lambda row: row.buyer.name),
        (_("Buyer code"), lambda row: row.buyer.code if row.sees_buyer else ""),
        (_("Supplier"), lambda row: row.supplier.name),
        (_("Supplier code"), lambda row: row.supplier.code if row.sees_supplier else ""),
        (_("Material"), lambda row: str(row.material or "")),
        (_("Contract number"), lambda row: row.contract_number),
        (_("Contract of"), lambda row: row.contract_on),
        (_("Share of the buyer's need, %"), told(lambda row: row.share)),
        (_("Sole source"), told(lambda row: _("yes") if row.is_sole_source else _("no"))),
        (_("Why"), told(lambda row: row.why)),
        (_("List"), lambda row: row.white_list.title),
        (_("Office of the list"), lambda row: str(row.white_list.office)),
        (_("State"), lambda row: str(row.stage.label)),
        (_("Listed since"), lambda row: row.listed_on),
        (_("Proposed"), lambda row: row.created_at),
    ]
