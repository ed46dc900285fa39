"""White lists, and the batches that alone change them."""

from datetime import timedelta
from functools import cache

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.whitelists import guards
from enterprises.whitelists.closing import guards as closing_guards
from enterprises.whitelists.words import (
    OPEN_STATES,
    Action,
    BatchStatus,
    Decision,
    ListKind,
    ReturnReason,
)
from whitelist.accounts.models import NATION, Duty, OfficeKind, above, office_in_rows
from whitelist.core.addresses import address_of
from whitelist.core.days import ONE, today
from whitelist.core.scoping import NOTHING, ScopedModel, ScopedQuerySet, within

USER = settings.AUTH_USER_MODEL
CLIMBS_AFTER = timedelta(days=7)  # unreviewed, a batch is seen by the office above
LEVELS = 4  # county, prefecture, province, nation


def counted(rows, by):
    """How many rows a subquery finds. As a join it would be counted once more whenever the table's rows are counted."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)


def recognised_lists(user, path=""):
    """Lists that count in the user's division although they are not its own: the ministry's, and those recognised."""
    if user.office is None or user.prefix is None:
        return NOTHING
    day, here = today(), above(user.office.division_id)
    agreed = {"recogniser__division__in": here, "held_from__lte": day, "held_until__gte": day}
    ministry = Q(**{f"{path}office__division": NATION})
    return ministry | Q(**{f"{path}recognitions__{name}": value for name, value in agreed.items()})


class WhiteListQuerySet(ScopedQuerySet):
    def kept_within(self, user):
        """The lists of the user's own division and of those below it, without those that are only recognised there."""
        own = Q(office=user.office_id) | within("office__division__code", user)
        return self if user.is_national else self.filter(own)

    def for_rows(self):
        """As rows of a page or an answer, to which `standing.tell` adds what `for_table` lets the database count."""
        return self.select_related("office").order_by("office__division_id", "kind", "pk")

    def for_table(self):
        """With how many are listed today, and the last published batch as `last_pk`, `last_number`, `last_on`."""
        last = Batch.objects.published().filter(white_list=OuterRef("pk")).order_by("-number")
        wanted = {"last_pk": "pk", "last_number": "number", "last_on": "effective_on"}
        about = {name: Subquery(last.values(field)[:1]) for name, field in wanted.items()}
        listings = self.model.listings.rel.related_model.objects.filter(white_list=OuterRef("pk")).in_force(today())
        return self.for_rows().annotate(listed=counted(listings, "white_list"), **about)


class WhiteList(ScopedModel):
    """One office's list of key enterprises. It has an end from the day it is opened."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="white_lists", verbose_name=_("office"))
    kind = models.CharField(_("kind"), max_length=14, choices=ListKind.choices, default=ListKind.KEY_INDUSTRY)
    title = models.CharField(_("title"), max_length=120)
    opened_on = models.DateField(_("opened on"))
    ends_on = models.DateField(_("ends on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    report_due = models.TimeField(_("daily report due at"), default="12:00")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = WhiteListQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("white list"), _("white lists")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "title"],
                name="white_list_title_once",
                violation_error_message=_("This office has a list of that title already."),
            ),
            models.CheckConstraint(
                name="white_list_ends_after_opening",
                condition=Q(ends_on__gt=F("opened_on")),
                violation_error_message=_("A list ends after the day it is opened."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="closed_by_two",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=closing_guards.WHITE_LIST,
            )
        ]

    def __str__(self):
        return self.title

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if user.enterprise_id:
            return Q(listings__enterprise=user.enterprise_id)
        if not user.office_id:
            return NOTHING
        own = Q(office=user.office_id) | within("office__division__code", user)
        return own | recognised_lists(user)

    def get_absolute_url(self):
        return address_of("white-list-detail", self.pk)

    @property
    def place(self):
        return self.office.division_id

    @property
    def has_ended(self):
        """Whether nothing on it counts any more; its last day decides, whether or not somebody closed it."""
        return self.ends_on <= today()


PEOPLE = ("drafted_by", "submitted_by", "approved_by", "published_by")


@cache
def _named():
    names = [f"{person}__{name}" for person in PEOPLE for name in ("name", "username")]
    own = [field.name for field in Batch._meta.concrete_fields if field.name != "file"]
    return [*own, *names, "white_list__title", "white_list__closed_on", *office_in_rows("white_list__office")]


@cache
def _hands():
    return ArraySubquery(BatchAuthor.objects.filter(batch=OuterRef("pk")).values("person"))


@cache
def _line_counts():
    lines = Batch.lines.rel.related_model.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    each = {action: Count("pk", filter=Q(action=action)) for action in Action.values}
    return Subquery(lines.exclude(decision=Decision.REJECTED).annotate(n=JSONObject(**each)).values("n"))


class BatchQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(status__in=OPEN_STATES)

    def published(self):
        return self.filter(status=BatchStatus.PUBLISHED)

    def titled(self, text):
        return self.filter(Q(title__icontains=text) | Q(document_number__icontains=text))

    def waiting_for(self, user):
        """Submitted batches that this person may decide: of lists the user approves, not written by the same person."""
        if user.office is None or Duty.APPROVE not in user.duties:
            return self.none()
        approves = Q(white_list__office=user.office_id)
        if user.office.kind == OfficeKind.WORKING_GROUP:
            approves |= Q(white_list__office__division=NATION)
        own = BatchAuthor.objects.filter(batch=OuterRef("pk"), person=user.person_id)
        return self.filter(approves, status=BatchStatus.SUBMITTED).exclude(Exists(own))

    def climbed(self, now):
        """Submitted ones that nobody has reviewed for a week. The clock alone decides, whoever was told or not."""
        return self.filter(status=BatchStatus.SUBMITTED, submitted_at__lte=now - CLIMBS_AFTER)

    def climbed_to(self, user, now):
        """What climbed to the user's office: a week brings it to the office above, each further week one level more."""
        if user.office is None or user.prefix is None:
            return self.none()
        path, reached = "white_list__office__division", Q(pk=None)
        for level in range(1, LEVELS):
            path += "__parent"
            reached |= Q(**{path: user.office.division_id}, submitted_at__lte=now - CLIMBS_AFTER * level)
        return self.filter(reached, status=BatchStatus.SUBMITTED)

    def awaiting(self, user, now):
        """How many wait for this person's decision (`mine`), and how many have climbed to the office (`climbed`)."""
        of = {"mine": self.model.objects.waiting_for(user), "climbed": self.model.objects.climbed_to(user, now)}
        counts = {name: Count("pk", filter=Q(pk__in=rows.order_by().values("pk"))) for name, rows in of.items()}
        return self.order_by().aggregate(**counts)

    def for_page(self):
        """With everything that a page about one batch asks of it, its authors among them, in one query."""
        found = self.select_related("white_list__office", "reverts", *PEOPLE)
        return found.with_hands().defer("file", "reverts__file")

    def with_hands(self):
        """With `known_hands`, the authors by their keys."""
        return self.annotate(known_hands=_hands())

    def named_only(self, *more):
        """All of its own but the file, and no more of its list and its people than their names."""
        return self.defer(None).only(*_named(), *more)

    def for_workspace(self):
        return self.for_page().named_only("reverts__number", "reverts__title")

    def for_answer(self):
        """With what the API tells: as a row of the table, with its authors and who published it."""
        return self.for_table().select_related("published_by").with_hands().named_only()

    def beside_list(self):
        """As rows, with no more than what stands beside the content of their list."""
        own = ("white_list", "title", "status", "number", "effective_on", "created_at", "drafted_by", "file_hash")
        found = self.select_related("drafted_by").only(*own, "drafted_by__name", "drafted_by__username")
        return found.with_counts().newest_first()

    def for_table(self):
        found = self.select_related("white_list__office", "drafted_by", "submitted_by", "approved_by")
        return found.with_counts().defer("file").newest_first()

    def with_counts(self):
        """With `counts`: the lines that are not rejected by action, which `adding`, `amending` and `removing` tell."""
        return self.annotate(counts=_line_counts())

    def newest_first(self):
        """What is not published yet, then what was published last."""
        return self.order_by(F("published_at").desc(nulls_first=True), "-pk")


class Batch(ScopedModel):
    """The only way a list changes: lines drafted by one person, decided and published by another."""

    TOLD_BY = {"decision": "lines__decision", "reason": "lines__decision_reason"}  # in its history

    white_list = models.ForeignKey(WhiteList, models.PROTECT, related_name="batches", verbose_name=_("white list"))
    title = models.CharField(_("title"), max_length=120)
    status = models.CharField(_("state"), max_length=10, choices=BatchStatus.choices, default=BatchStatus.DRAFT)
    reverts = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reverted_by", verbose_name=_("undoes")
    )
    drafted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("drafted by"))
    submitted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("submitted by"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    content_hash = models.CharField(_("content hash"), max_length=64, blank=True)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True)
    published_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("published by"))
    published_at = models.DateTimeField(_("published at"), null=True)
    return_reason = models.CharField(_("reason of return"), max_length=12, choices=ReturnReason.choices, blank=True)
    return_note = models.CharField(_("note on the return"), max_length=500, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    effective_on = models.DateField(_("effective on"), null=True)
    file = models.TextField(editable=False, blank=True)
    file_hash = models.CharField(max_length=64, editable=False, blank=True)
    file_signature = models.CharField(max_length=120, editable=False, blank=True)
    created_at = models.DateTimeField(_("drafted at"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("batch"), _("batches")
        constraints = [
            models.UniqueConstraint(fields=["white_list", "number"], name="batch_number_once"),
            models.CheckConstraint(
                name="batch_published_complete",
                condition=~Q(status=BatchStatus.PUBLISHED)
                | (
                    Q(number__isnull=False, effective_on__isnull=False, approved_by__isnull=False)
                    & ~Q(file_signature="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="guard",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=guards.BATCH,
            ),
            pgtrigger.Trigger(
                name="authors",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=guards.BATCH_AUTHORS,
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return translate("Batch %(number)s") % {"number": self.number} if self.number else self.title

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if not user.office_id:
            return NOTHING
        return Q(white_list__office=user.office_id) | within("white_list__office__division__code", user)

    def get_absolute_url(self):
        return address_of("batch-detail", self.pk)

    @property
    def place(self):
        return self.white_list.office.division_id

    @property
    def adding(self):
        """Of a batch `with_counts`: how many enterprises it puts on the list."""
        return (self.counts or {}).get(Action.ADD, 0)

    @property
    def amending(self):
        return (self.counts or {}).get(Action.AMEND, 0)

    @property
    def removing(self):
        return (self.counts or {}).get(Action.REMOVE, 0)

    @property
    def waited_days(self):
        """How many whole days a submitted batch has waited for its review, None for others."""
        is_waiting = self.status == BatchStatus.SUBMITTED
        return (timezone.now() - self.submitted_at) // ONE if is_waiting else None

    @property
    def has_climbed(self):
        return bool(self.reached_divisions)

    @property
    def reached_divisions(self):
        """The divisions above its list's to which it has climbed: one after a week, one more each further week."""
        reached, division = [], self.white_list.office.division
        for _level in range(min((self.waited_days or 0) // CLIMBS_AFTER.days, LEVELS - 1)):
            division = division.parent
            if division is None:
                break
            reached.append(division.pk)
        return reached

    @property
    def author_ids(self):
        """The persons whose hand is in the batch: who drafted, edited or submitted it."""
        known = getattr(self, "known_hands", None)
        return {author.person_id for author in self.authors.all()} if known is None else set(known)


class BatchAuthor(ScopedModel):
    """A person who wrote in a batch. The database adds the rows by itself and refuses such a person's approval."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="authors")
    person = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural = _("author"), _("authors")
        constraints = [models.UniqueConstraint(fields=["batch", "person"], name="batch_author_once")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.person} – {self.batch}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        return within("batch__white_list__office__division__code", user) if user.office_id else NOTHING
