"""Recognition: one office accepts another office's list, for chains and fields, for a time, and never onward."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.recognition.units import in_unit, unit_of
from enterprises.recognition.words import RecognitionStatus
from enterprises.register.models import Enterprise
from enterprises.register.words import Chain, Field
from enterprises.whitelists.models import WhiteList
from enterprises.whitelists.words import Action
from whitelist.accounts.models import Office, above, office_in_rows
from whitelist.core.addresses import address_of
from whitelist.core.days import today
from whitelist.core.scoping import NOTHING, ScopedModel, ScopedQuerySet, sees, within

USER = settings.AUTH_USER_MODEL
LISTINGS = "white_list__listings"
HELD = Func(F("held_from"), F("held_until"), Value("[]"), function="daterange", output_field=DateRangeField())


def enterprises_by_key(rows):
    return dict(rows.values_list("pk").annotate(n=Count(f"{LISTINGS}__enterprise", distinct=True)))


class RecognitionQuerySet(ScopedQuerySet):
    def holding(self, day):
        """Those that hold on a day. Their days alone decide: nobody need have run a job for one to lapse."""
        return self.filter(held_from__lte=day, held_until__gte=day)

    def in_division(self, code):
        """Those of a division and of the divisions above it: what a province recognises holds in its counties."""
        return self.filter(recogniser__division__in=above(code))

    def covering_listing(self, day):
        """Inside a query on listings: those that on a day cover the outer row's list, chain, field and enterprise."""
        return self.covering(
            day,
            chain=OuterRef("chain"),
            field=OuterRef("field"),
            enterprise=OuterRef(OuterRef("enterprise")),
            white_list=OuterRef("white_list"),
        )

    def covering(self, day, **listing):
        """Those that hold on a day and were agreed for such a listing."""
        return self.holding(day).agreed_for(day, **listing)

    def agreed_for(self, day, *, chain, field, enterprise, **listing):
        """Those that name this chain and field, or none, and do not except the enterprise: the rule of the scope."""
        agreed = Q(chains=[]) | Q(chains__contains=[chain])
        agreed &= Q(fields=[]) | Q(fields__contains=[field])
        excepted = RecognitionException.objects.standing(day)
        excepted = excepted.filter(recognition=OuterRef("pk"), enterprise=enterprise)
        return self.filter(agreed, ~Exists(excepted), **listing)

    def with_their_listings(self, day):
        """A row for each listing in force that was agreed for, whether or not the agreement itself holds."""
        return self.of_listings(day, days__contains=day).filter(white_list__ends_on__gt=day)

    def of_listings(self, day, **which):
        """A row for each of these listings of its list that was agreed for."""
        return self.agreed_for(
            day,
            chain=F(f"{LISTINGS}__chain"),
            field=F(f"{LISTINGS}__field"),
            enterprise=OuterRef(f"{LISTINGS}__enterprise"),
            **{f"{LISTINGS}__{name}": value for name, value in which.items()},
        ).order_by()

    def lost_by(self, batch):
        """How many enterprises each loses by a published batch, by its key; those that lose none are missing."""
        removed, day = batch.lines.accepted().filter(action=Action.REMOVE).values("enterprise"), batch.effective_on
        return enterprises_by_key(self.holding(day).of_listings(day, closed_by=batch, enterprise__in=removed))

    def between_units(self, day):
        """Who recognises how many enterprises of whom on a day: (recognising unit, source unit, enterprises)."""
        sides = {"into": unit_of("recogniser__division__code"), "of": unit_of("white_list__office__division__code")}
        counted = self.holding(day).with_their_listings(day).annotate(**sides).values_list("into", "of")
        return counted.annotate(n=Count(f"{LISTINGS}__enterprise", distinct=True))

    def waiting_for(self, user):
        """Proposals that this user's office has to answer."""
        if user.office_id is None:
            return self.none()
        sides = Q(recogniser=user.office_id) | Q(white_list__office=user.office_id)
        open_still = Q(status=RecognitionStatus.PROPOSED, until__gte=today())
        return self.filter(sides, open_still).exclude(proposing_office=user.office_id)

    def ended(self, day):
        """Those whose last day is over though nobody has written so yet."""
        return self.filter(status__in=[RecognitionStatus.PROPOSED, RecognitionStatus.IN_FORCE], until__lt=day)

    def now(self, status, day):
        """Those in a state as of a day, what the clock has ended among the lapsed."""
        over = Q(until__lt=day, status__in=[RecognitionStatus.PROPOSED, RecognitionStatus.IN_FORCE])
        if status == RecognitionStatus.LAPSED:
            return self.filter(over | Q(status=status))
        return self.filter(~over, status=status)

    def from_unit(self, code):
        """Those by which offices of this unit recognise others' lists."""
        return self.filter(in_unit("recogniser__division__code", code))

    def about_unit(self, code):
        """Those by which lists of this unit's offices are recognised elsewhere."""
        return self.filter(in_unit("white_list__office__division__code", code))

    def seen_by(self, user):
        """With `sees_list`: whether the reader may open the list; one that is only proposed has a title and no more."""
        return self.annotate(sees_list=sees(user, WhiteList, "white_list"))

    def for_table(self):
        """With no more of both sides than a row shows."""
        sides = ("recogniser", "white_list__office", "proposing_office")
        shown = [column for side in sides for column in office_in_rows(side)]
        own = [field.name for field in self.model._meta.concrete_fields]
        found = self.select_related(*sides).only(
            *own, *(f"white_list__{name}" for name in ("title", "ends_on", "closed_on")), *shown
        )
        return found.order_by("-created_at", "-pk")

    def beside_list(self):
        """As rows, with no more than what stands beside the content of their list."""
        own = ("white_list", "chains", "fields", "until", "held_from", "status")
        return self.select_related("recogniser").only(*own, "recogniser__division").order_by("-created_at", "-pk")

    def for_page(self):
        related = ("recogniser", "white_list__office", "proposing_office", "proposed_by", "accepted_by")
        return self.select_related(*related)


class Recognition(ScopedModel):
    """A recogniser accepts a list for the chains and fields named (none named: all), from a day until a day.

    `since` and `until` are what was agreed. `held_from` and `held_until` are the first and last day on which it really
    holds: set when it is accepted, cut short when it is withdrawn, None if it never came to hold.
    """

    recogniser = models.ForeignKey(Office, models.PROTECT, related_name="recognitions", verbose_name=_("recogniser"))
    white_list = models.ForeignKey(
        WhiteList, models.PROTECT, related_name="recognitions", verbose_name=_("recognised list")
    )
    chains = ArrayField(
        models.CharField(max_length=24, choices=Chain.choices), default=list, blank=True, verbose_name=_("chains")
    )
    fields = ArrayField(
        models.CharField(max_length=12, choices=Field.choices), default=list, blank=True, verbose_name=_("fields")
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    held_from = models.DateField(_("holds from"), null=True, editable=False)
    held_until = models.DateField(_("holds until"), null=True, editable=False)
    status = models.CharField(
        _("state"), max_length=10, choices=RecognitionStatus.choices, default=RecognitionStatus.PROPOSED
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    proposing_office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("proposed by office"))
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    accepted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    created_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("recognition"), _("recognitions")
        constraints = [
            ExclusionConstraint(
                name="recognition_once_at_a_time",
                expressions=[
                    ("recogniser", RangeOperators.EQUAL),
                    ("white_list", RangeOperators.EQUAL),
                    (HELD, RangeOperators.OVERLAPS),
                ],
                condition=Q(held_from__isnull=False),
                violation_error_message=_("This list is recognised already in a part of these days."),
            ),
            models.UniqueConstraint(
                fields=["recogniser", "white_list"],
                condition=Q(status=RecognitionStatus.PROPOSED),
                name="recognition_proposed_once",
                violation_error_message=_("A proposal about this list waits for an answer already."),
            ),
            models.CheckConstraint(
                name="recognition_ends_after_it_begins",
                condition=Q(until__gte=F("since")),
                violation_error_message=_("A recognition ends on or after the day it begins."),
            ),
            models.CheckConstraint(
                name="recognition_held_in_order",
                condition=Q(held_from=None, held_until=None) | Q(held_until__gte=F("held_from")),
                violation_error_message=_("A recognition holds until the day from which it holds, or later."),
            ),
        ]

    def __str__(self):
        return f"{self.recogniser} ← {self.white_list}"

    @classmethod
    def scope(cls, user):
        """Both sides, everybody above or below them: in a division one knows what is recognised there."""
        if user.is_national:
            return Q()
        if user.office is None or user.prefix is None:
            return NOTHING
        sides = within("recogniser__division__code", user) | within("white_list__office__division__code", user)
        return sides | Q(recogniser__division__in=above(user.office.division_id))

    def get_absolute_url(self):
        return address_of("recognition-detail", self.pk)

    @property
    def place(self):
        return self.recogniser.division_id

    @property
    def is_open(self):
        """Neither withdrawn nor over."""
        return self.status in (RecognitionStatus.PROPOSED, RecognitionStatus.IN_FORCE) and self.until >= today()

    @property
    def state(self):
        """Its state as of today: what the clock has ended is lapsed, though nobody need have written so yet."""
        return self.status if self.is_open or self.status == RecognitionStatus.WITHDRAWN else RecognitionStatus.LAPSED

    @property
    def state_word(self):
        return RecognitionStatus(self.state).label

    @property
    def waits(self):
        """Whether it is agreed and its first day is still to come."""
        return self.status == RecognitionStatus.IN_FORCE and self.held_from > today()

    def names(self, chain, field):
        """Whether it is for listings of this chain and field: what `agreed_for` asks in the database."""
        return (not self.chains or chain in self.chains) and (not self.fields or field in self.fields)

    @property
    def chain_words(self):
        return [word for key, word in Chain.choices if key in self.chains]

    @property
    def field_words(self):
        return [word for key, word in Field.choices if key in self.fields]

    @property
    def other_office(self):
        """The side that has to answer a proposal."""
        mine = self.proposing_office_id == self.recogniser_id
        return self.white_list.office if mine else self.recogniser


class RecognitionExceptionQuerySet(ScopedQuerySet):
    def standing(self, day):
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def for_table(self):
        return self.select_related("enterprise", "made_by").order_by("-since", "-pk")


class RecognitionException(ScopedModel):
    """One enterprise that a recogniser does not accept although it stands on the recognised list, and why.

    It stands from `since` on, and no longer from `until` on.
    """

    recognition = models.ForeignKey(Recognition, models.CASCADE, related_name="exceptions")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", verbose_name=_("enterprise"))
    reason = models.CharField(_("reason"), max_length=500)
    since = models.DateField(_("since"))
    until = models.DateField(_("ended on"), null=True)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("made by"))

    objects = RecognitionExceptionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("exception"), _("exceptions")
        constraints = [
            models.UniqueConstraint(
                fields=["recognition", "enterprise"],
                condition=Q(until=None),
                name="recognition_exception_once",
                violation_error_message=_("This enterprise is excepted already."),
            )
        ]

    def __str__(self):
        return f"{self.recognition} – {self.enterprise}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if user.office is None or user.prefix is None:
            return NOTHING
        return within("recognition__recogniser__division__code", user) | within(
            "recognition__white_list__office__division__code", user
        )

    @property
    def place(self):
        return self.recognition.recogniser.division_id
