"""Who reads and files daily reports."""

from whitelist.accounts.models import Duty


def may_read_reports(user):
    """Offices with the duty to view, and an enterprise's users for their own."""
    return (
        user.is_authenticated and user.holds(Duty.VIEW) and (user.prefix is not None or user.enterprise_id is not None)
    )


def may_file_reports(user):
    return (
        user.is_authenticated and user.holds(Duty.EDIT) and (user.office is not None or user.enterprise_id is not None)
    )


def may_file_report_of(user, enterprise):
    """The enterprise itself; an office above it for firms that cannot."""
    if not may_file_reports(user):
        return False
    return user.enterprise_id == enterprise.pk if user.enterprise_id else user.covers(enterprise.division_id)


def may_remind(user):
    """Whoever chases missing reports in an office: its editors and coordinators."""
    return may_read_reports(user) and user.office is not None and (user.holds(Duty.EDIT) or user.holds(Duty.COORDINATE))
