"""Who may look after users, offices and tokens."""

from whitelist.accounts.models import Duty


def may_administer(user):
    """Users of the own office and of offices below; an enterprise's administrator only its own."""
    return user.is_authenticated and user.holds(Duty.ADMIN)


def may_administer_user(user, other):
    """Never oneself (nobody gives himself duties), and only within the own office or below it."""
    if not may_administer(user) or other.pk == user.pk:
        return False
    return other.office is not None and user.covers(other.office.division_id)


def may_make_token(user, holder):
    """Tokens are made for systems of one's own office or below."""
    return holder.is_system and may_administer_user(user, holder)
