"""The end of a list before two people, and the report that it leaves."""

import json

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from enterprises.whitelists.closing import guards
from enterprises.whitelists.closing.words import ClosingStatus
from enterprises.whitelists.lists import WhiteList
from whitelist.core.addresses import address_of
from whitelist.core.days import at, today
from whitelist.core.scoping import NOTHING, ScopedModel, ScopedQuerySet, within

USER = settings.AUTH_USER_MODEL


class ListClosingQuerySet(ScopedQuerySet):
    def live(self):
        """Those that wait for an answer or were confirmed; a list has at most one."""
        return self.exclude(status=ClosingStatus.WITHDRAWN)

    def confirmed(self):
        return self.filter(status=ClosingStatus.CONFIRMED)

    def without_report(self):
        return self.confirmed().filter(report=None)

    def for_page(self):
        return self.select_related("white_list__office", "proposed_by", "confirmed_by").order_by("-pk")


class ListClosing(ScopedModel):
    """That a list ends on a day: one person proposes it, another confirms. From that day on nothing on it counts."""

    white_list = models.ForeignKey(WhiteList, models.PROTECT, related_name="closings", verbose_name=_("white list"))
    ends_on = models.DateField(_("ends on"))
    status = models.CharField(_("state"), max_length=10, choices=ClosingStatus.choices, default=ClosingStatus.PROPOSED)
    note = models.CharField(_("note"), max_length=500, blank=True)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ListClosingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("closing"), _("closings")
        constraints = [
            models.UniqueConstraint(
                fields=["white_list"],
                condition=~Q(status=ClosingStatus.WITHDRAWN),
                name="closing_once",
                violation_error_message=_("This list is being closed already."),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="guard",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=guards.CLOSING,
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.white_list} – {self.ends_on}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if not user.office_id:
            return NOTHING
        return Q(white_list__office=user.office_id) | within("white_list__office__division__code", user)

    def get_absolute_url(self):
        return address_of("white-list-closing", self.white_list_id)

    @property
    def place(self):
        return self.white_list.office.division_id

    @property
    def report_due_at(self):
        """When the last daily reports of the list are due: only then the closing report is whole."""
        return at(self.ends_on, self.white_list.report_due)

    @property
    def is_over(self):
        return self.status == ClosingStatus.CONFIRMED and self.ends_on <= today()


class ClosingReport(ScopedModel):
    """What a closed list was, in numbers: written once when its last reports were due, signed, never changed."""

    closing = models.OneToOneField(ListClosing, models.PROTECT, related_name="report", verbose_name=_("closing"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    file = models.TextField(editable=False)
    file_hash = models.CharField(max_length=64, editable=False)
    file_signature = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("closing report"), _("closing reports")
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return str(self.closing)

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        return within("closing__white_list__office__division__code", user) if user.office_id else NOTHING

    @cached_property
    def body(self):
        return json.loads(self.file)
