"""Verbs on the end of a list: one person proposes it, another confirms it, and its report is left when all is in."""

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.whitelists.closing import policies, report
from enterprises.whitelists.closing.flows import CLOSING_FLOW
from enterprises.whitelists.closing.models import ClosingReport, ListClosing
from enterprises.whitelists.models import WhiteList
from enterprises.whitelists.services import seal_of
from whitelist.accounts.models import Duty, User
from whitelist.audit.services import advance, record
from whitelist.core import seal
from whitelist.core.days import ONE, today
from whitelist.core.errors import Conflict, DomainError, Fault, NotAllowed, WrongState
from whitelist.delivery.services import later

__all__ = ["seal_of"]


def check_propose(white_list, *, by):
    """Refuse whoever may not close this list, and everybody once it is closed or being closed."""
    if not policies.may_propose_closing(by, white_list):
        raise NotAllowed(_("A list is closed by people of its own office: %(office)s."), office=white_list.office)
    if white_list.closed_on:
        raise WrongState(_("This list was closed on %(day)s."), day=white_list.closed_on)


def days_for(white_list):
    """The first and the last day on which this list can end; for one whose day is over it is that day alone."""
    end = white_list.ends_on
    if end <= today():
        return end, end
    youngest = white_list.listings.standing().aggregate(last=Max(Lower("days")))["last"]
    first = max(today(), white_list.opened_on + ONE, *([youngest + ONE] if youngest else []))
    return min(first, end), end


def _check_day(white_list, day):
    first, last = days_for(white_list)
    if first <= day <= last:
        return
    if first == last:
        told = _("This list can only end on %(first)s.") % {"first": first}
    else:
        told = _("This list can end on a day from %(first)s to %(last)s.") % {"first": first, "last": last}
    raise DomainError(told, errors=[Fault("ends_on", "impossible_day", told)])


def _locked(white_list):
    lists = WhiteList.objects.select_for_update(of=("self",), no_key=True).select_related("office")
    return lists.order_by("pk").get(pk=white_list.pk)


@transaction.atomic
def propose_closing(white_list, *, ends_on, by, note=""):
    """Propose that the list ends on a day; another person of the office confirms it."""
    white_list = _locked(white_list)
    check_propose(white_list, by=by)
    _check_day(white_list, ends_on)
    try:
        with transaction.atomic():
            closing = ListClosing.objects.create(white_list=white_list, ends_on=ends_on, note=note, proposed_by=by)
    except IntegrityError:
        raise Conflict(_("This list is being closed already."), code="already_proposed") from None
    record(closing, "proposed", by=by, after={"ends_on": str(ends_on)}, note=note)
    record(white_list, "closing proposed", by=by, after={"ends_on": str(ends_on)}, note=note)
    later("enterprises.ask_closing", closing=closing.pk)
    return closing


END = """
UPDATE enterprises_listing SET days = daterange(lower(days), %(day)s)
WHERE white_list_id = %(list)s AND upper_inf(days)
"""


@transaction.atomic
def confirm_closing(closing, *, by, note=""):
    """End the list and every standing listing on the proposed day. The second person makes it so."""
    CLOSING_FLOW.check(closing, "confirm", by=by)
    white_list = _locked(closing.white_list)
    _check_day(white_list, closing.ends_on)
    closing = advance(closing, CLOSING_FLOW, "confirm", by=by, note=note, confirmed_by=by, confirmed_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(END, {"day": closing.ends_on, "list": white_list.pk})
        ended = cursor.rowcount
    before = {"ends_on": white_list.ends_on, "closed_on": None}
    white_list.ends_on = white_list.closed_on = closing.ends_on
    white_list.version += 1
    white_list.save(update_fields=["ends_on", "closed_on", "version"])
    after = {"ends_on": closing.ends_on, "closed_on": closing.ends_on, "listings": ended}
    record(white_list, "closed", by=by, before=before, after=after, note=note)
    later("enterprises.tell_closing", closing=closing.pk)
    if closing.report_due_at <= timezone.now():
        later("enterprises.leave_closing_reports")
    return closing


def withdraw_closing(closing, *, by, note=""):
    """The list stays open."""
    return advance(closing, CLOSING_FLOW, "withdraw", by=by, note=note)


def confirmers(closing):
    """Who may confirm: people of the list's office with the duty, but not the person who proposed."""
    people = User.objects.filter(office=closing.white_list.office_id, is_active=True, is_system=False)
    return list(people.holding(Duty.APPROVE).exclude(pk=closing.proposed_by.person_id).order_by("name", "username"))


def leave_reports(now):
    """Write the report of every closed list whose last daily reports were due by now. Returns how many were written."""
    due = [each for each in ListClosing.objects.without_report().for_page() if each.report_due_at <= now]
    return sum(leave_report(closing) for closing in due)


@transaction.atomic
def leave_report(closing):
    """Write the closing report once; whether it was written now."""
    ListClosing.objects.select_for_update(of=("self",)).order_by("pk").get(pk=closing.pk)
    if ClosingReport.objects.filter(closing=closing).exists():
        return False
    file = seal.canonical(report.body_of(closing))
    ClosingReport.objects.create(
        closing=closing, file=file.decode(), file_hash=seal.sha256(file), file_signature=seal.sign(file)
    )
    return True
