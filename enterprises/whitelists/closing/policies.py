"""Who closes a list: two people of its own office, the second one who approves there."""

from whitelist.accounts.models import Duty


def may_propose_closing(user, white_list):
    return user.holds(Duty.EDIT, white_list.office) or user.holds(Duty.APPROVE, white_list.office)


def may_confirm_closing(user, closing):
    """Four eyes: somebody who approves in the list's office, and is not the person who proposed it."""
    approves = user.holds(Duty.APPROVE, closing.white_list.office)
    return approves and user.person_id != closing.proposed_by.person_id


def may_withdraw_closing(user, closing):
    return may_propose_closing(user, closing.white_list)
