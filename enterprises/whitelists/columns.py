"""What the exports of lists, batches and differences hold: (heading, what a row has there)."""

from django.utils.translation import gettext as _


def enterprise(of=lambda row: row.enterprise):
    return [
        (_("Code"), lambda row: of(row).code),
        (_("Enterprise"), lambda row: of(row).name),
        (_("Division"), lambda row: of(row).division_id),
        (_("Place"), lambda row: str(of(row).division)),
    ]


def lists():
    return [
        (_("List"), lambda row: row.title),
        (_("Office"), lambda row: str(row.office)),
        (_("Division"), lambda row: row.office.division_id),
        (_("Kind"), lambda row: row.get_kind_display()),
        (_("Listed today"), lambda row: row.listed),
        (_("Last batch"), lambda row: row.last_number),
        (_("In force from"), lambda row: row.last_on),
        (_("Opens on"), lambda row: row.opened_on),
        (_("Ends on"), lambda row: row.ends_on),
        (_("Closed on"), lambda row: row.closed_on),
    ]


def listings():
    return [
        *enterprise(),
        (_("Chain"), lambda row: row.get_chain_display()),
        (_("Field"), lambda row: row.get_field_display()),
        (_("Listed since"), lambda row: row.first_day),
        (_("Listed until"), lambda row: row.last_day),
        (_("By batch"), lambda row: row.opened_by.number),
        (_("Document number"), lambda row: row.opened_by.document_number),
    ]


def changes():
    """Rows are (kind of change in words, listing)."""
    return [
        (_("Change"), lambda row: row[0]),
        *enterprise(lambda row: row[1].enterprise),
        (_("Chain before"), lambda row: row[1].chain_before),
        (_("Chain"), lambda row: row[1].get_chain_display()),
        (_("Field before"), lambda row: row[1].field_before),
        (_("Field"), lambda row: row[1].get_field_display()),
    ]


def batches():
    return [
        (_("Batch"), lambda row: row.number),
        (_("Title"), lambda row: row.title),
        (_("List"), lambda row: row.white_list.title),
        (_("State"), lambda row: row.get_status_display()),
        (_("Waits, days"), lambda row: row.waited_days),
        (_("To add"), lambda row: row.adding),
        (_("To amend"), lambda row: row.amending),
        (_("To remove"), lambda row: row.removing),
        (_("Document number"), lambda row: row.document_number),
        (_("In force from"), lambda row: row.effective_on),
        (_("Drafted by"), lambda row: str(row.drafted_by)),
        (_("Approved by"), lambda row: str(row.approved_by or "")),
    ]


def lines():
    return [
        (_("Action"), lambda row: row.get_action_display()),
        *enterprise(),
        (_("Chain"), lambda row: row.get_chain_display()),
        (_("Field"), lambda row: row.get_field_display()),
        (_("Reason"), lambda row: row.get_reason_display()),
        (_("Note, evidence"), lambda row: row.note),
        (_("Decision"), lambda row: row.get_decision_display()),
        (_("Reason of rejection"), lambda row: row.get_decision_reason_display()),
        (_("Note on the decision"), lambda row: row.decision_note),
        (_("Also in batch"), lambda row: row.conflict_title or ""),
    ]
