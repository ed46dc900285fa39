"""What each duty allows, in the words shown beside its box."""

from django.utils.translation import gettext_lazy as _

from whitelist.accounts.models import Duty

ALLOWS = {
    Duty.VIEW: _("See what lies in the division: lists, enterprises, reports, warnings."),
    Duty.EDIT: _("Draft and propose: enter enterprises, import sheets, write batches, file reports for firms."),
    Duty.APPROVE: _("Decide and publish what others drafted, never one's own."),
    Duty.COORDINATE: _("Work on problems and acknowledge warnings."),
    Duty.ISSUE: _("Issue, refuse and revoke passes."),
    Duty.VERIFY: _("Check passes on the road."),
    Duty.ADMIN: _("Add and change users of the own office and of offices below."),
}
