"""Who may read and change the register."""

from whitelist.accounts.models import Duty, OfficeKind

REGISTRARS = {OfficeKind.INDUSTRY, OfficeKind.COMMERCE, OfficeKind.AGRICULTURE, OfficeKind.WORKING_GROUP}


def may_read_enterprises(user):
    """Offices with the duty to view; an enterprise's users see their own enterprise."""
    return user.is_authenticated and user.holds(Duty.VIEW) and (user.prefix is not None or user.enterprise_id is not None)


def may_add_enterprises(user):
    return user.is_authenticated and user.office is not None and user.office.kind in REGISTRARS and user.holds(Duty.EDIT)


def may_edit_enterprise(user, enterprise):
    """The office in whose division the plant stands, or one above."""
    return may_add_enterprises(user) and user.covers(enterprise.division_id)


def may_retire_enterprise(user, enterprise):
    return may_edit_enterprise(user, enterprise)


def may_edit_materials(user):
    """The vocabulary is shared by all, so the ministry keeps it."""
    return user.is_authenticated and user.is_national and user.holds(Duty.EDIT)


def may_declare_links(user):
    """An office for enterprises in its division; an enterprise for its own supplies and needs."""
    return may_add_enterprises(user) or (user.is_authenticated and user.enterprise_id is not None and user.holds(Duty.EDIT))
