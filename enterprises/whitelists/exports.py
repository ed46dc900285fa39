"""What goes out so that it may come back into a draft: a batch's lines, and a list's content with blank actions."""

from enterprises.register.exports import headed
from enterprises.whitelists.sheet_columns import COLUMNS


def is_asked(request):
    """Whether the address asks for the columns of the import instead of those for reading."""
    return request.GET.get("columns") == "import"


def blank(_row):
    return ""


OF_BOTH = {
    "code": lambda row: row.enterprise.code,
    "name": lambda row: row.enterprise.name,
    "chain": lambda row: row.get_chain_display(),
    "field": lambda row: row.get_field_display(),
}
LINES = headed(
    COLUMNS,
    **OF_BOTH,
    action=lambda row: row.get_action_display(),
    reason=lambda row: row.get_reason_display(),
    note=lambda row: row.note,
)
CONTENT = headed(COLUMNS, **OF_BOTH, action=blank, reason=blank, note=blank)
