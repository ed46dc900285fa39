"""Who may read and change the register."""

from whitelist.accounts.models import Duty, OfficeKind

REGISTRARS = {OfficeKind.INDUSTRY, OfficeKind.COMMERCE, OfficeKind.AGRICULTURE, OfficeKind.WORKING_GROUP}


def may_read_enterprises(user):
    """Offices with the duty to view; an enterprise's users see their own enterprise."""
    return (
        user.is_authenticated and user.holds(Duty.VIEW) and (user.prefix is not None or user.enterprise_id is not None)
    )


def may_read_materials(user):
    """The vocabulary is read by whoever reads the register."""
    return may_read_enterprises(user)


def may_read_links(user):
    """Offices for their division, and both sides of a link."""
    return may_read_enterprises(user)


def may_add_enterprises(user):
    return (
        user.is_authenticated and user.office is not None and user.office.kind in REGISTRARS and user.holds(Duty.EDIT)
    )


def may_edit_enterprise(user, enterprise):
    """The office in whose division the plant stands, or one above."""
    return may_add_enterprises(user) and user.covers(enterprise.division_id)


def may_retire_enterprise(user, enterprise):
    return may_edit_enterprise(user, enterprise)


def may_merge_enterprise(user, enterprise):
    """Both halves of a merger lie with the same office; the service asks this of each."""
    return may_edit_enterprise(user, enterprise)


def may_edit_materials(user):
    """The vocabulary is shared by all, so the ministry keeps it."""
    return user.is_authenticated and user.is_national and user.holds(Duty.EDIT)


def may_declare_links(user):
    """An office for enterprises in its division; an enterprise for its own supplies and needs."""
    return may_add_enterprises(user) or (
        user.is_authenticated and user.enterprise_id is not None and user.holds(Duty.EDIT)
    )


def stands_for(user, enterprise):
    """Whether the user acts for this side of a link: the enterprise itself, or an office above its plant."""
    return user.enterprise_id == enterprise.pk if user.enterprise_id else user.covers(enterprise.division_id)


def may_declare_link(user, supplier, buyer):
    return may_declare_links(user) and (stands_for(user, supplier) or stands_for(user, buyer))


def may_confirm_link(user, link):
    """The other side, or an office above either; never the person, nor the enterprise, that declared it."""
    if not may_declare_link(user, link.supplier, link.buyer):
        return False
    declarer = link.declared_by
    if declarer is None:
        return True
    if declarer.person_id == user.person_id:
        return False
    return user.enterprise_id is None or declarer.enterprise_id != user.enterprise_id


def may_remove_link(user, link):
    """An office above either side; an enterprise only what it declared itself."""
    if user.enterprise_id is None:
        return may_declare_link(user, link.supplier, link.buyer)
    declarer = link.declared_by
    return may_declare_links(user) and declarer is not None and declarer.enterprise_id == user.enterprise_id
