"""What the export of adjustment proposals holds: (heading, what a row has there)."""

from django.utils.translation import gettext as _

from enterprises.whitelists import columns
from enterprises.whitelists.adjustments.evidence import sentence_of


def adjustments():
    return [
        *columns.enterprise(),
        (_("List"), lambda row: row.white_list.title),
        (_("Proposed step"), lambda row: row.get_action_display()),
        (_("Ground"), lambda row: row.get_ground_display()),
        (_("Evidence"), sentence_of),
        (_("First seen"), lambda row: row.first_day),
        (_("Last seen"), lambda row: row.last_day),
        (_("State"), lambda row: row.get_status_display()),
        (_("Reason"), lambda row: row.get_dismiss_reason_display()),
        (_("Note"), lambda row: row.note),
    ]
