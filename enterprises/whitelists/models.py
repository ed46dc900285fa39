"""The nouns of the room. Lists and batches stand in `lists.py`; here are their rows: one enterprise in each."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Enterprise, shown_in_rows
from enterprises.register.words import Chain, Field, Standing
from enterprises.whitelists import guards
from enterprises.whitelists.lists import Batch, BatchAuthor, WhiteList, recognised_lists
from enterprises.whitelists.words import OPEN_STATES, Action, Decision, Reason, RejectReason
from whitelist.core.days import today
from whitelist.core.scoping import NOTHING, ScopedModel, ScopedQuerySet, within

__all__ = ["Batch", "BatchAuthor", "BatchLine", "Listing", "WhiteList"]

USER = settings.AUTH_USER_MODEL
# A batch's file may be megabytes: it is read where it is asked for, never with a row.
FILES = ("opened_by__file", "closed_by__file")
OF_LINES = (
    "batch", "action", "enterprise", "field", "chain", "reason", "note", "decision", "decision_reason", "decision_note",
)  # fmt: skip
# Of lines `with_listed`: adding what is there or no longer active, touching what is not there.
ADDING = Q(action=Action.ADD)
UNFIT = (ADDING & (Q(is_listed=True) | ~Q(enterprise__status=Standing.ACTIVE))) | (~ADDING & Q(is_listed=False))


def agreed_for(name):
    """That the recognition through which a listing is seen, if it is by one, covers its chain or field."""
    path = f"white_list__recognitions__{name}s"
    return Q(**{path: []}) | Q(**{f"{path}__contains": [F(name)]}) | Q(**{f"{path}__isnull": True})


class OfEnterprises(ScopedQuerySet):
    """Rows that each name an enterprise."""

    def about(self, text):
        """Those whose enterprise has all these words somewhere in its name, pinyin or code."""
        return self.filter(enterprise__in=Enterprise.objects.matching(text))


class BatchLineQuerySet(OfEnterprises):
    def accepted(self):
        return self.filter(decision=Decision.ACCEPTED)

    def undecided(self):
        return self.filter(decision=Decision.UNDECIDED)

    def in_conflict(self):
        """Says of each line of an open batch which other open batch of the same list names its enterprise too."""
        other = (
            BatchLine.objects.filter(
                enterprise=OuterRef("enterprise"),
                batch__white_list=OuterRef("batch__white_list"),
                batch__status__in=OPEN_STATES,
            )
            .exclude(batch=OuterRef("batch"))
            .order_by("batch_id")
        )
        is_open = Q(batch__status__in=OPEN_STATES)
        return self.annotate(
            conflict_id=Case(When(is_open, then=Subquery(other.values("batch_id")[:1]))),
            conflict_title=Case(When(is_open, then=Subquery(other.values("batch__title")[:1]))),
        )

    def with_listed(self):
        """With `is_listed`: whether the enterprise stands on the list that the next batch applies to."""
        standing = Listing.objects.standing().filter(
            white_list=OuterRef("batch__white_list"), enterprise=OuterRef("enterprise")
        )
        return self.annotate(is_listed=Exists(standing))

    def unfit(self):
        """Lines that the list as it stands does not take: adding what is there, touching what is not."""
        return self.with_listed().filter(UNFIT)

    def for_table(self):
        return self.select_related("enterprise").in_conflict().order_by("enterprise__name", "pk")

    def for_notice(self):
        """As rows of their batch's notice, by division and name."""
        own = ("batch", "action", "enterprise", "field", "chain", "reason")
        return (
            self.select_related("enterprise")
            .only(*own, *shown_in_rows())
            .order_by("enterprise__division_id", "enterprise__name", "pk")
        )

    def numbers(self):
        """How many there are, and of each action."""
        each = {action: Count("pk", filter=Q(action=action)) for action in Action.values}
        return self.order_by().aggregate(lines=Count("pk"), **each)

    def for_workspace(self, *, is_open):
        """As rows of their batch's page; only those of an open batch are compared with other batches and the list."""
        if is_open:
            found = self.in_conflict().with_listed()
        else:
            nothing = Value(None, models.BigIntegerField())
            found = self.annotate(conflict_id=nothing, conflict_title=Value(""))
        return found.select_related("enterprise").only(*OF_LINES, *shown_in_rows()).order_by("enterprise__name", "pk")


class BatchLine(ScopedModel):
    """One enterprise to be added to, removed from or amended on the list."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines", verbose_name=_("batch"))
    action = models.CharField(_("action"), max_length=6, choices=Action.choices, default=Action.ADD)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="batch_lines", verbose_name=_("enterprise"))
    field = models.CharField(_("field"), max_length=12, choices=Field.choices, blank=True)
    chain = models.CharField(_("chain"), max_length=24, choices=Chain.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    note = models.CharField(_("note, evidence"), max_length=500, blank=True)
    edited_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("edited by"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.UNDECIDED)
    decision_reason = models.CharField(
        _("reason of rejection"), max_length=12, choices=RejectReason.choices, blank=True
    )
    decision_note = models.CharField(_("note on the decision"), max_length=500, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))

    objects = BatchLineQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("batch line"), _("batch lines")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "enterprise"],
                name="batch_line_once",
                violation_error_message=_("This enterprise stands in the batch already."),
            ),
            models.CheckConstraint(
                name="batch_line_rejected_with_reason",
                condition=~Q(decision=Decision.REJECTED) | ~Q(decision_reason=""),
                violation_error_message=_("A rejection needs a reason."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="guard",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=guards.BATCH_LINE,
            )
        ]

    def __str__(self):
        return f"{self.action} {self.enterprise}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if not user.office_id:
            return NOTHING
        return Q(batch__white_list__office=user.office_id) | within("batch__white_list__office__division__code", user)


class ListingQuerySet(OfEnterprises):
    def in_force(self, day):
        """Those that count on a day: on their list, and the list itself has not ended. The clock alone decides."""
        return self.filter(days__contains=day, white_list__ends_on__gt=day)

    def in_force_after(self, number):
        """What a list contained once its batch of this number was published, whatever took effect on the same day."""
        return self.filter(opened_by__number__lte=number).filter(Q(closed_by=None) | Q(closed_by__number__gt=number))

    def standing(self):
        """Without an end: what the next batch applies to."""
        return self.filter(days__upper_inf=True)

    def for_enterprise(self):
        """Newest first, with why it came and went: the coded reason and the note of the line that did it."""
        line = BatchLine.objects.filter(enterprise=OuterRef("enterprise"))
        came, went = line.filter(batch=OuterRef("opened_by")), line.filter(batch=OuterRef("closed_by"))
        found = self.select_related("white_list__office", "opened_by", "closed_by").defer(*FILES)
        return found.annotate(
            reason=Subquery(came.values("reason")[:1]),
            note=Subquery(came.values("note")[:1]),
            left_by=Subquery(went.values("action")[:1]),
            left_reason=Subquery(went.values("reason")[:1]),
        ).order_by("-days", "pk")

    def of_one_list(self):
        """As rows of their list's page."""
        batch = ("opened_by__number", "opened_by__title", "opened_by__document_number")
        own = ("white_list", "days", "field", "chain")
        found = self.select_related("enterprise", "opened_by").only(*own, *batch, *shown_in_rows())
        return found.order_by("enterprise__name", "pk")

    def for_comparison(self, *batches):
        """As rows of what changed on their list by these batches: narrow, for there may be thousands."""
        own = ("white_list", "days", "field", "chain", *batches)
        named = Batch.objects.only("number", "title")
        found = self.select_related("enterprise").only(*own, *shown_in_rows())
        return found.prefetch_related(*(Prefetch(batch, named) for batch in batches)).order_by("enterprise__name", "pk")

    def for_table(self):
        related = ("enterprise", "white_list__office", "opened_by", "closed_by")
        return self.select_related(*related).defer(*FILES).order_by("enterprise__name", "pk")


# One number for a list and an enterprise. Kept apart they would make an index that the planner also takes to look up
# an enterprise, and then reads ten times the pages that the index on the enterprise would.
ON_LIST = ExpressionWrapper(F("white_list") * Value(2**40) + F("enterprise"), models.BigIntegerField())


class Listing(ScopedModel):
    """An enterprise's time on one white list, from the batch that added it to the batch that removed it.

    `days` is [first day, first day off the list). An amendment ends one listing and begins the next on the same day.
    """

    white_list = models.ForeignKey(WhiteList, models.PROTECT, related_name="listings", verbose_name=_("white list"))
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="listings", verbose_name=_("enterprise"))
    days = DateRangeField(_("days"))
    field = models.CharField(_("field"), max_length=12, choices=Field.choices, blank=True)
    chain = models.CharField(_("chain"), max_length=24, choices=Chain.choices, blank=True)
    opened_by = models.ForeignKey(Batch, models.PROTECT, related_name="opened_listings", verbose_name=_("by batch"))
    closed_by = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="closed_listings", verbose_name=_("until batch")
    )

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("listing"), _("listings")
        constraints = [
            ExclusionConstraint(
                name="listing_once_at_a_time",
                expressions=[(ON_LIST, RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
                violation_error_message=_("This enterprise is already on that list in this period."),
            )
        ]
        indexes = [models.Index(fields=["white_list", "enterprise"], name="listing_by_list")]

    def __str__(self):
        return f"{self.enterprise} – {self.white_list}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if user.enterprise_id:
            return Q(enterprise=user.enterprise_id)
        own = within("enterprise__division__code", user) | within("white_list__office__division__code", user)
        return own | recognised_lists(user, "white_list__") & (agreed_for("chain") & agreed_for("field"))

    @property
    def first_day(self):
        return self.days.lower

    @property
    def reason_said(self):
        """The word for the reason that `for_enterprise` brings along."""
        return dict(Reason.choices).get(self.reason, "")

    @property
    def left_said(self):
        """Why it ended, in words: the reason of the line that ended it, or that its list did."""
        if self.left_reason:
            return dict(Reason.choices)[self.left_reason]
        return _("the list ended") if self.last_counted else ""

    @property
    def chain_before(self):
        """The chain at the other moment of a comparison, '' where the listing was not amended."""
        return dict(Chain.choices).get(getattr(self, "was_chain", ""), "")

    @property
    def field_before(self):
        return dict(Field.choices).get(getattr(self, "was_field", ""), "")

    def is_in_force(self, day):
        is_listed = self.days.lower <= day and (self.days.upper is None or day < self.days.upper)
        return is_listed and day < self.white_list.ends_on

    @property
    def last_day(self):
        """The last day on the list, None while it stands."""
        return self.days.upper and self.days.upper - timedelta(days=1)

    @property
    def last_counted(self):
        """The last day on which it counted, where that is over: its own last day, or the last of its list."""
        if self.white_list.ends_on <= today():
            return min(filter(None, [self.last_day, self.white_list.ends_on - timedelta(days=1)]))
        return self.last_day
