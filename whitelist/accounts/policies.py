"""Who may look after users, offices and tokens."""

from whitelist.accounts.models import Duty


def may_administer(user):
    """Users of the own office and of offices below; an enterprise's administrator only its own."""
    return user.is_authenticated and user.holds(Duty.ADMIN)


def may_add_users(user):
    """An office's administrator, in the own office and below; enterprises get their users from the office above."""
    return may_administer(user) and user.prefix is not None


def may_administer_user(user, other):
    """Never oneself (nobody gives himself duties), and only within the own office or below it."""
    if not may_administer(user) or other.pk == user.pk:
        return False
    return other.office is not None and user.covers(other.office.division_id)


def may_set_password(user, other):
    """A person's password; systems have none."""
    return not other.is_system and may_administer_user(user, other)


def may_make_token(user, holder):
    """Tokens are made for systems of one's own office or below."""
    return holder.is_system and may_administer_user(user, holder)
