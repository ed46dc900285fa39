"""Who may import, and who may finish what somebody uploaded."""

from whitelist.accounts.models import Duty
from whitelist.sheets import kinds


def may_read_imports(user):
    """People of an office with the duty to view; which imports exist for them, their scope says."""
    return user.is_authenticated and user.office is not None and user.prefix is not None and user.holds(Duty.VIEW)


def may_import(user, kind=None):
    """An office's user with the duty to edit, for a kind that its room lets him import; without a kind, for any."""
    if not (user.is_authenticated and user.prefix is not None and user.holds(Duty.EDIT)):
        return False
    asked = kinds.known().values() if kind is None else [kinds.get(kind)]
    return any(each is not None and each.may_import(user) for each in asked)


def may_finish_import(user, sheet_import):
    """Whoever may import this kind, within the office that uploaded it."""
    return may_import(user, sheet_import.kind) and user.holds(Duty.EDIT, sheet_import.office)


def may_work_on_import(user, sheet_import):
    """The worker, under the name of the system or of the person who confirmed."""
    return user.is_system and user.username == "system"
