"""Nomination: a listed buyer proposes its supplier for the list of the supplier's office."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import NOT_NEGATIVE, Enterprise, Material, shown_in_rows
from enterprises.whitelists.models import Batch, BatchLine, Listing, WhiteList
from enterprises.whitelists.nominations.words import NominationStatus, Stage
from enterprises.whitelists.words import BatchStatus, Decision, RejectReason
from whitelist.accounts.models import NATION, Duty, OfficeKind, office_in_rows
from whitelist.core.addresses import address_of
from whitelist.core.days import today
from whitelist.core.scoping import NOTHING, ScopedModel, ScopedQuerySet, sees, within

BOOLEAN = models.BooleanField()
USER = settings.AUTH_USER_MODEL
STAGES = {
    BatchStatus.DRAFT: Stage.DRAFT,
    BatchStatus.RETURNED: Stage.DRAFT,
    BatchStatus.SUBMITTED: Stage.SUBMITTED,
    BatchStatus.APPROVED: Stage.APPROVED,
    BatchStatus.PUBLISHED: Stage.LISTED,
    BatchStatus.WITHDRAWN: Stage.DROPPED,
}


class NominationQuerySet(ScopedQuerySet):
    def proposed(self):
        return self.filter(status=NominationStatus.PROPOSED)

    def under_way(self):
        """Accepted, and what becomes of their line is not known yet."""
        drafted = Q(line__batch__status__in=[BatchStatus.DRAFT, BatchStatus.RETURNED, BatchStatus.SUBMITTED])
        approved = Q(line__batch__status=BatchStatus.APPROVED, line__decision=Decision.ACCEPTED)
        return self.filter(drafted | approved, status=NominationStatus.ACCEPTED)

    def waiting_for(self, user):
        """Those that this person may answer: for lists of the own office."""
        if user.office is None or not (user.holds(Duty.EDIT) or user.holds(Duty.APPROVE)):
            return self.none()
        own = Q(white_list__office=user.office_id)
        if user.office.kind == OfficeKind.WORKING_GROUP:
            own |= Q(white_list__office__division=NATION)
        return self.proposed().filter(own)

    def on_side_of(self, user, *, buyers):
        """Those whose buyer, or else whose supplier, is the user's own or stands in the user's division."""
        side = "buyer" if buyers else "supplier"
        if user.enterprise_id:
            return self.filter(**{side: user.enterprise_id})
        return self.filter(within(f"{side}__division__code", user))

    def about(self, text):
        firms = Enterprise.objects.matching(text)
        return self.filter(Q(buyer__in=firms) | Q(supplier__in=firms))

    def seen_by(self, user):
        """With what of it this reader may open: `sees_buyer`, `sees_supplier`, `sees_list`, `sees_batch`.

        `sees_evidence`: a nominated enterprise learns by whom and for which list, not what is said about it.
        """
        own = Q(buyer=user.enterprise_id)
        return self.annotate(
            sees_buyer=sees(user, Enterprise, "buyer"),
            sees_supplier=sees(user, Enterprise, "supplier"),
            sees_list=sees(user, WhiteList, "white_list"),
            sees_batch=sees(user, Batch, "line__batch"),
            sees_evidence=Value(True) if user.enterprise_id is None else ExpressionWrapper(own, BOOLEAN),
        )

    def with_listing(self):
        """With `listed_on`: since when the supplier is listed by the batch that took the nomination up."""
        listing = Listing.objects.filter(opened_by=OuterRef("line__batch"), enterprise=OuterRef("supplier"))
        return self.annotate(listed_on=Subquery(listing.values(first=Lower("days"))[:1]))

    def for_page(self):
        related = ("buyer", "supplier", "material", "white_list__office", "buyer_office", "line__batch")
        found = self.select_related(*related, "proposed_by", "decided_by").with_listing()
        return found.defer("line__batch__file").order_by("-created_at", "-pk")

    def for_table(self):
        """`for_page` with no more than a row shows. What few rows share comes apart: planning so many joins is dear."""
        lines = BatchLine.objects.select_related("batch").only("decision", "batch__status")
        lists = WhiteList.objects.select_related("office").only("title", "closed_on", *office_in_rows("office"))
        shared = (Prefetch("line", lines), Prefetch("white_list", lists), "buyer_office")
        own = [field.name for field in self.model._meta.concrete_fields]
        sides = (*shown_in_rows("buyer"), *shown_in_rows("supplier"))
        found = self.select_related("buyer", "supplier", "material", "proposed_by").with_listing()
        found = found.only(*own, *sides, "material", "proposed_by__name", "proposed_by__username")
        return found.prefetch_related(*shared).order_by("-created_at", "-pk")


class Nomination(ScopedModel):
    """A buyer that stands on a list proposes its supplier, with contract and undertaking.

    `white_list` is the list that it is meant for: that of the office nearest above the supplier's plant. `line` is the
    line of the batch that took it up; what becomes of it there is read from the line, not written here.
    """

    TOLD_BY = {"reason": "decision_reason"}  # in its history

    buyer = models.ForeignKey(Enterprise, models.PROTECT, related_name="nominating", verbose_name=_("buyer"))
    supplier = models.ForeignKey(Enterprise, models.PROTECT, related_name="nominations", verbose_name=_("supplier"))
    material = models.ForeignKey(
        Material, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("material")
    )
    contract_number = models.CharField(_("contract number"), max_length=60)
    contract_on = models.DateField(_("contract of"))
    share = models.DecimalField(
        _("share of the buyer's need, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE, MaxValueValidator(100)],
    )
    is_sole_source = models.BooleanField(_("sole source"), default=False)
    why = models.CharField(_("why"), max_length=500)
    undertaking = models.BooleanField(_("undertaking signed"), default=False)
    white_list = models.ForeignKey(WhiteList, models.PROTECT, related_name="nominations", verbose_name=_("white list"))
    buyer_office = models.ForeignKey(
        "accounts.Office", models.PROTECT, null=True, related_name="+", verbose_name=_("buyer's office")
    )
    status = models.CharField(
        _("state"), max_length=10, choices=NominationStatus.choices, default=NominationStatus.PROPOSED
    )
    decision_reason = models.CharField(_("reason"), max_length=12, choices=RejectReason.choices, blank=True)
    decision_note = models.CharField(_("note on the decision"), max_length=500, blank=True)
    line = models.ForeignKey(
        BatchLine, models.SET_NULL, null=True, related_name="nominations", verbose_name=_("batch line")
    )
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    created_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("nomination"), _("nominations")
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "supplier", "white_list"],
                condition=Q(status=NominationStatus.PROPOSED),
                name="nomination_open_once",
                violation_error_message=_("This buyer has nominated this supplier already."),
            ),
            models.CheckConstraint(
                name="nomination_between_two",
                condition=~Q(supplier=F("buyer")),
                violation_error_message=_("An enterprise does not nominate itself."),
            ),
            models.CheckConstraint(
                name="nomination_with_undertaking",
                condition=Q(undertaking=Value(True)),
                violation_error_message=_("A nomination needs the signed undertaking."),
            ),
            models.CheckConstraint(
                name="nomination_declined_with_reason",
                condition=~Q(status=NominationStatus.DECLINED) | ~Q(decision_reason=""),
                violation_error_message=_("A refusal needs a reason."),
            ),
        ]

    def __str__(self):
        return f"{self.buyer} → {self.supplier}"

    @classmethod
    def scope(cls, user):
        """Both enterprises, the offices above either, and the office of the list."""
        if user.is_national:
            return Q()
        if user.enterprise_id:
            return Q(buyer=user.enterprise_id) | Q(supplier=user.enterprise_id)
        if user.prefix is None:
            return NOTHING
        sides = within("buyer__division__code", user) | within("supplier__division__code", user)
        return sides | Q(white_list__office=user.office_id) | Q(buyer_office=user.office_id)

    def get_absolute_url(self):
        return address_of("nomination-detail", self.pk)

    @property
    def place(self):
        return self.white_list.office.division_id

    @property
    def stage(self):
        """How far it has come."""
        if self.status != NominationStatus.ACCEPTED:
            return Stage(self.status)
        if self.line is None:
            return Stage.DROPPED
        status = self.line.batch.status
        is_decided = status in (BatchStatus.APPROVED, BatchStatus.PUBLISHED)
        return Stage.REJECTED if is_decided and self.line.decision == Decision.REJECTED else STAGES[status]

    @property
    def is_to_come(self):
        """Whether it is listed by a batch that is published and takes effect on a later day."""
        listed_on = getattr(self, "listed_on", None)
        return listed_on is not None and listed_on > today()
