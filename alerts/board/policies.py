"""Who opens the first page, and whose board there is."""

from whitelist.accounts.models import Duty
from whitelist.core.access import signed_in

may_open_home = signed_in


def may_read_board(user):
    """Offices with a division to look at and the duty to view."""
    return user.prefix is not None and user.holds(Duty.VIEW)
