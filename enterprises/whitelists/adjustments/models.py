"""Adjustment proposals: what the day's facts suggest about a list, for people to decide."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Enterprise, shown_in_rows
from enterprises.whitelists.adjustments.words import AdjustmentStatus, DismissReason, Ground, Proposed
from enterprises.whitelists.models import BatchLine, OfEnterprises, WhiteList
from whitelist.accounts.models import NATION, Duty, OfficeKind, office_in_rows
from whitelist.core.addresses import address_of
from whitelist.core.scoping import NOTHING, ScopedModel, within

USER = settings.AUTH_USER_MODEL


class AdjustmentQuerySet(OfEnterprises):
    def open(self):
        return self.filter(status=AdjustmentStatus.OPEN)

    def waiting_for(self, user):
        """Open ones about lists on which this person drafts."""
        if user.office is None or not user.holds(Duty.EDIT):
            return self.none()
        own = Q(white_list__office=user.office_id)
        if user.office.kind == OfficeKind.WORKING_GROUP:
            own |= Q(white_list__office__division=NATION)
        return self.open().filter(own)

    def for_page(self):
        related = ("enterprise", "white_list__office", "line__batch", "decided_by")
        return self.select_related(*related).defer("line__batch__file")

    def for_table(self):
        """With no more than a row shows, in the order of the index on open ones: proposals come by the ten thousand."""
        own = [field.name for field in self.model._meta.concrete_fields]
        of_list = ("white_list__title", "white_list__closed_on", *office_in_rows("white_list__office"))
        found = self.select_related("enterprise", "white_list__office", "line")
        found = found.only(*own, *shown_in_rows(), *of_list, "line__batch")
        return found.order_by("-last_day", "ground", "pk")


class AdjustmentProposal(ScopedModel):
    """The facts of a day suggest that an enterprise leave, join or be asked; people decide.

    `evidence` holds the numbers and days of the ground. The facts were first seen on `first_day` and last on
    `last_day`; once they no longer hold, an open proposal is over by itself.
    """

    TOLD_BY = {"reason": "dismiss_reason"}  # in its history

    white_list = models.ForeignKey(WhiteList, models.PROTECT, related_name="adjustments", verbose_name=_("white list"))
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="adjustments", verbose_name=_("enterprise"))
    action = models.CharField(_("proposed"), max_length=6, choices=Proposed.choices)
    ground = models.CharField(_("ground"), max_length=16, choices=Ground.choices)
    evidence = models.JSONField(_("evidence"))
    first_day = models.DateField(_("first seen"))
    last_day = models.DateField(_("last seen"))
    status = models.CharField(
        _("state"), max_length=10, choices=AdjustmentStatus.choices, default=AdjustmentStatus.OPEN
    )
    dismiss_reason = models.CharField(_("reason"), max_length=12, choices=DismissReason.choices, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    line = models.ForeignKey(
        BatchLine, models.SET_NULL, null=True, related_name="adjustments", verbose_name=_("batch line")
    )
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("adjustment proposal"), _("adjustment proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["white_list", "enterprise", "ground"],
                condition=Q(status=AdjustmentStatus.OPEN),
                name="adjustment_open_once",
                violation_error_message=_("This is proposed already."),
            ),
            models.CheckConstraint(
                name="adjustment_dismissed_with_reason",
                condition=~Q(status=AdjustmentStatus.DISMISSED) | ~Q(dismiss_reason=""),
                violation_error_message=_("A dismissal needs a reason."),
            ),
        ]
        indexes = [models.Index(fields=["status", "-last_day", "ground", "id"], name="adjustment_by_state")]

    def __str__(self):
        return f"{self.enterprise} – {self.get_ground_display()}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if not user.office_id:
            return NOTHING
        return Q(white_list__office=user.office_id) | within("white_list__office__division__code", user)

    def get_absolute_url(self):
        return address_of("adjustment-detail", self.pk)

    @property
    def place(self):
        return self.white_list.office.division_id


class AdjustmentRun(models.Model):
    """That the facts of a day were looked through, and how many proposals were found by ground."""

    unscoped_because = "a day and four counts of the whole nation, without any enterprise"

    day = models.DateField(_("day"), unique=True)
    counts = models.JSONField(_("counts"), default=dict)
    finished_at = models.DateTimeField(_("finished at"), default=timezone.now)

    class Meta:
        ordering = ("-day",)
        verbose_name, verbose_name_plural = _("run of adjustments"), _("runs of adjustments")

    def __str__(self):
        return str(self.day)
