"""Who nominates, who answers, and who takes a nomination back."""

from enterprises.register.policies import may_declare_links, stands_for
from enterprises.whitelists.policies import may_draft_on
from whitelist.accounts.models import Duty


def may_read_nominations(user):
    """Offices with the duty to view, and the users of both enterprises."""
    reads = user.is_authenticated and user.holds(Duty.VIEW)
    return reads and (user.prefix is not None or user.enterprise_id is not None)


def may_nominate(user):
    """Editors of an office that keeps the register, and an enterprise's own."""
    return may_declare_links(user)


def may_nominate_for(user, buyer):
    """The buyer itself, or an office above its plant."""
    return may_nominate(user) and stands_for(user, buyer)


def may_accept(user, nomination):
    """Accepting writes a line into a draft: whoever drafts on the list."""
    return may_draft_on(user, nomination.white_list)


def may_decline(user, nomination):
    """Whoever drafts or decides in the office of the list."""
    return may_accept(user, nomination) or user.holds(Duty.APPROVE, nomination.white_list.office)


def may_withdraw(user, nomination):
    """The side that nominated: the buyer, or an office above it."""
    return may_nominate_for(user, nomination.buyer)
