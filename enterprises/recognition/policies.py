"""Who proposes, accepts and withdraws, and who may ask."""

from enterprises.whitelists.policies import LIST_KEEPERS, may_read_lists
from whitelist.accounts.models import NATION, Duty


def may_read_recognitions(user):
    return may_read_lists(user)


def may_ask(user):
    """Every office and its systems, checkpoints too: the answer names lists and nothing else of the enterprise."""
    return user.is_authenticated and user.office is not None and (user.holds(Duty.VIEW) or user.holds(Duty.VERIFY))


def may_propose_recognitions(user):
    """Somebody who decides in an office that keeps lists, below the nation; for which lists, the two sides say."""
    keeps = user.is_authenticated and user.office is not None and user.office.kind in LIST_KEEPERS
    return keeps and user.office.division_id != NATION and user.holds(Duty.APPROVE)


def is_side(user, recogniser, white_list):
    return any(user.holds(Duty.APPROVE, office) for office in (recogniser, white_list.office))


def may_accept(user, recognition):
    """Somebody who decides on the side that did not propose."""
    sides = (recognition.recogniser, recognition.white_list.office)
    other = next((office for office in sides if office.pk != recognition.proposing_office_id), None)
    return other is not None and user.holds(Duty.APPROVE, other)


def may_withdraw(user, recognition):
    """Either side, at any time."""
    return is_side(user, recognition.recogniser, recognition.white_list)


def may_except(user, recognition):
    """Which enterprises it leaves out, the recogniser says."""
    return user.holds(Duty.APPROVE, recognition.recogniser)


def by_the_clock(user, recognition):
    """Nobody lapses an agreement: its last day does."""
    return user.is_system and user.username == "system"
