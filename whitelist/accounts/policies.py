"""Who may look after users, offices and tokens."""

from whitelist.accounts.models import Duty


def may_administer(user):
    """Users of the own office and of offices below; an enterprise's administrator only its own."""
    return user.is_authenticated and user.holds(Duty.ADMIN)


def may_administer_access(user):
    """Passwords and tokens of others are an office's matter; an enterprise's administrator has no hand in them."""
    return may_administer(user) and user.office is not None


def may_add_users(user):
    """An office's administrator, in the own office and below; an enterprise's, in the own enterprise."""
    return may_administer(user) and (user.prefix is not None or user.enterprise_id is not None)


def may_add_to(user, office):
    """Into an office that the user covers, or with None into the user's own enterprise."""
    if not may_administer(user):
        return False
    return user.enterprise_id is not None if office is None else user.covers(office.division_id)


def may_administer_user(user, other):
    """Never oneself (nobody gives himself duties); within the own office or below it, or of the own enterprise."""
    if not may_administer(user) or other.pk == user.pk:
        return False
    if other.office is not None:
        return user.covers(other.office.division_id)
    return user.enterprise_id is not None and other.enterprise_id == user.enterprise_id


def may_set_password(user, other):
    """A person's password; systems have none."""
    return not other.is_system and may_administer_access(user) and may_administer_user(user, other)


def may_make_token(user, holder):
    """Tokens are made, and revoked, for systems of one's own office or below."""
    return holder.is_system and may_administer_access(user) and may_administer_user(user, holder)
