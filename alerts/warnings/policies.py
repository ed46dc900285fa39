"""Who reads and acknowledges warnings, and who may run a day."""

from whitelist.accounts.models import Duty


def may_read_warnings(user):
    if not (user.is_authenticated and user.holds(Duty.VIEW)):
        return False
    return user.prefix is not None or user.enterprise_id is not None


def may_acknowledge(user):
    """Whoever works on it: the enterprise's clerk with edit, or an office's coordinator or editor."""
    return user.is_authenticated and (user.holds(Duty.COORDINATE) or user.holds(Duty.EDIT))


def may_run_days(user):
    """A run is the whole nation's, so the ministry asks for it."""
    return user.is_authenticated and user.is_national and user.holds(Duty.EDIT)


def may_read_runs(user):
    return user.is_authenticated and user.holds(Duty.VIEW) and user.prefix is not None
