"""Who may look after users, offices and tokens."""

from whitelist.accounts.models import Duty


def may_administer(user):
    """Users of the own office, of offices below and of the division's enterprises; an enterprise's only its own."""
    return user.is_authenticated and user.holds(Duty.ADMIN)


def may_administer_access(user):
    """Passwords and tokens of others are an office's matter; an enterprise's administrator has no hand in them."""
    return may_administer(user) and user.office is not None


def may_add_users(user):
    """An office's administrator, in the own office and below; an enterprise's, in the own enterprise."""
    return may_administer(user) and (user.prefix is not None or user.enterprise_id is not None)


def may_add_to(user, office, enterprise=None):
    """Into an office or an enterprise that the user covers, or into the own enterprise, also where none is named."""
    if not may_administer(user) or (office is not None and enterprise is not None):
        return False
    if office is not None:
        return user.covers(office.division_id)
    if enterprise is not None:
        return user.enterprise_id == enterprise.pk or user.covers(enterprise.division_id)
    return user.enterprise_id is not None


def may_administer_user(user, other):
    """Never oneself (nobody gives himself duties); of an office or enterprise that the user covers, or of the own."""
    if not may_administer(user) or other.pk == user.pk:
        return False
    if user.enterprise_id is not None:
        return other.enterprise_id == user.enterprise_id
    return other.belongs_to is not None and user.covers(other.place)


def may_set_password(user, other):
    """A person's password; systems have none."""
    return not other.is_system and may_administer_access(user) and may_administer_user(user, other)


def may_make_token(user, holder):
    """Tokens are made, and revoked, for systems of one's own office or below, not for an enterprise's."""
    is_ours = holder.is_system and holder.office is not None
    return is_ours and may_administer_access(user) and may_administer_user(user, holder)
