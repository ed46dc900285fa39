"""What the list of reports exports: the columns of the import, so that a file can come back as it went out, and what
else is known of each row; the version stands last.
"""

from django.utils.translation import gettext_lazy as _

from enterprises.resumption.words import State
from enterprises.resumption.workbooks.columns import REPORT_COLUMNS
from whitelist.sheets.tables.flags import YesNo


def said(name):
    """What the day's own report says. What is carried forward is no report, so it stands elsewhere."""

    def value(row):
        told = getattr(row.report, name) if row.report else None
        if isinstance(told, bool):
            return str((YesNo.YES if told else YesNo.NO).label)
        return str(State(told).label) if name == "state" and told else told

    return value


OF_ROW = {
    "code": lambda row: row.enterprise.code,
    "name": lambda row: row.enterprise.name,
    "day": lambda row: str(row.day),
    "version": lambda row: row.report.revision if row.report else 0,
}
*SAID, VERSION = ((column.label, OF_ROW.get(column.key) or said(column.key)) for column in REPORT_COLUMNS)
COLUMNS = [
    *SAID,
    (_("Place"), lambda row: str(row.enterprise.division)),
    (_("Chain"), lambda row: row.enterprise.get_chain_display()),
    (_("State that counts"), lambda row: row.shown.get_state_display() if row.shown else _("not known")),
    (_("Carried from"), lambda row: str(row.carried_from.day) if row.is_carried else ""),
    (_("Normal output"), lambda row: row.enterprise.normal_output),
    (_("Output of normal, per cent"), lambda row: None if row.output_share is None else round(row.output_share, 1)),
    (_("Answer"), lambda row: str(row.answer_label)),
    (_("Receipt"), lambda row: row.report.receipt if row.report else ""),
    (_("Sent at"), lambda row: row.report.filed_at.isoformat(timespec="minutes") if row.report else ""),
    (_("Reminded at"), lambda row: row.reminded_at.isoformat(timespec="minutes") if row.reminded_at else ""),
    VERSION,
]
