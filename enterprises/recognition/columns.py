"""What the exports of recognitions, of the effective list and of the matrix hold: (heading, what a row has there)."""

from django.utils.translation import gettext as _

from enterprises.recognition.words import Basis
from enterprises.whitelists import columns


def recognitions():
    return [
        (_("List"), lambda row: row.white_list.title),
        (_("Office of the list"), lambda row: str(row.white_list.office)),
        (_("Recogniser"), lambda row: str(row.recogniser)),
        (_("Division"), lambda row: row.recogniser.division_id),
        (_("Chains"), lambda row: ", ".join(map(str, row.chain_words)) or _("all")),
        (_("Fields"), lambda row: ", ".join(map(str, row.field_words)) or _("all")),
        (_("From"), lambda row: row.held_from or row.since),
        (_("Until"), lambda row: row.held_until or row.until),
        (_("State"), lambda row: str(row.state_word)),
        (_("Proposed by"), lambda row: str(row.proposing_office)),
        (_("Note"), lambda row: row.note),
    ]


def effective():
    words = dict(Basis.choices)
    return [
        *columns.enterprise(),
        (_("Chain"), lambda row: row.get_chain_display()),
        (_("Field"), lambda row: row.get_field_display()),
        (_("Basis"), lambda row: str(words[row.basis])),
        (_("List"), lambda row: row.white_list.title),
        (_("Office of the list"), lambda row: str(row.white_list.office)),
        (_("By batch"), lambda row: row.opened_by.number),
        (_("Agreement"), lambda row: row.agreement),
        (_("Until"), lambda row: row.until),
    ]
