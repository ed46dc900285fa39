"""Asking the silent for their report: whom, when, by whom; nobody is asked twice on one day."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from enterprises.register.models import Clerk, Enterprise
from enterprises.resumption.models import Reminder, ReportDue
from enterprises.resumption.policies import may_remind
from whitelist.accounts.models import Division, User
from whitelist.core.days import business_day
from whitelist.core.errors import DomainError, Fault, NotAllowed
from whitelist.delivery.services import notify


@dataclass(frozen=True)
class Reminded:
    """What became of a request: told now, told earlier today, no longer silent, and told but with nobody to read it."""

    new: list
    before: list
    answered: list
    unreachable: list


def due_of(codes, *, day, by):
    """The rows of these enterprises for a day; one out of sight, or that owed nothing, refuses the whole."""
    rows = ReportDue.objects.visible_to(by).on(day).of(codes)
    known = {
        code
        for row in rows.select_related("enterprise")
        for code in (row.enterprise.uscc, row.enterprise.registration_no)
    }
    told = _("No enterprise “%(code)s” in your scope owed a report for %(day)s.")
    faults = [
        Fault(f"enterprises/{place}", "unknown_enterprise", told % {"code": code[:40], "day": day})
        for place, code in enumerate(codes)
        if code not in known
    ]
    if faults:
        raise DomainError(errors=faults)
    return rows


def due_in(division, *, day, by):
    """The rows of a division, as far as the user sees it."""
    return (
        ReportDue.objects.visible_to(by)
        .on(day)
        .filter(enterprise__division__code__startswith=Division(code=division).prefix)
    )


@transaction.atomic
def remind(due, *, day, by, now=None):
    """Ask the silent among these rows of ReportDue of one day for their report; their clerks get a notice."""
    if not may_remind(by):
        raise NotAllowed
    now = now or timezone.now()
    today = business_day(now)
    if day >= today:
        told = _("Who owes a report for %(day)s is fixed when that day ends.") % {"day": day}
        raise DomainError(told, errors=[Fault("day", "not_over", told)])
    firms = list(Enterprise.objects.filter(pk__in=due.values("enterprise")).for_table())
    silent = set(
        ReportDue.objects.filter(day=day, report=None, enterprise__in=firms).values_list("enterprise", flat=True)
    )
    today_s = Reminder.objects.filter(day=day, reminded_on=today, enterprise__in=silent)
    before = set(today_s.values_list("enterprise", flat=True))
    asked = [Reminder(enterprise_id=pk, day=day, by=by, at=now, reminded_on=today) for pk in sorted(silent)]
    Reminder.objects.bulk_create(asked, ignore_conflicts=True)
    new = {row.enterprise_id for row in today_s.all() if row.by_id == by.pk and row.at == now} - before
    clerks = list(Clerk.objects.filter(enterprise__in=new, user__is_active=True).values("user", "enterprise"))
    sentence = gettext_noop("Your report for %(day)s has not come yet. Please send it now.")
    address = f"{reverse('report-today')}?day={day}"
    users = User.objects.filter(pk__in=[each["user"] for each in clerks])
    notify(users, sentence, key=f"reminder-{day}-{today}", address=address, day=str(day))
    reached = {each["enterprise"] for each in clerks}
    return Reminded(
        new=[firm for firm in firms if firm.pk in new],
        before=[firm for firm in firms if firm.pk in silent - new],
        answered=[firm for firm in firms if firm.pk not in silent],
        unreachable=[firm for firm in firms if firm.pk in new - reached],
    )
