"""Warnings: what each day's run judged, and the episodes that follow from it."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Window
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, StockReading, SupplyLink, seen_with_enterprise, shown_in_rows
from whitelist.core.addresses import address_of
from whitelist.core.days import ONE
from whitelist.core.scoping import ScopedModel, ScopedQuerySet

USER = settings.AUTH_USER_MODEL


class Level(models.TextChoices):
    """How long stock lasts; grey is no data, a state of its own and never green."""

    RED = "red", _("red")
    YELLOW = "yellow", _("yellow")
    BLUE = "blue", _("blue")
    GREY = "grey", _("no data")
    NORMAL = "normal", _("normal")


WARNED = (Level.RED, Level.YELLOW, Level.BLUE, Level.GREY)
WORST_FIRST = ("rank", "-is_stopped_for_want", "cover", "enterprise__name", "pk")


class WarningQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(cleared_on=None)

    def red_now(self):
        """Open and red by the newest run."""
        return self.open().filter(level=Level.RED)


class Warning(ScopedModel):
    """An episode for one enterprise and material, from its first day at blue or worse to its clearing.

    `level` and the figures are those of the last run; what they were on any day stands in its assessments.
    """

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="warnings", verbose_name=_("enterprise")
    )
    material = models.ForeignKey(
        "enterprises.Material", models.PROTECT, related_name="warnings", verbose_name=_("material")
    )
    level = models.CharField(_("level"), max_length=6, choices=Level.choices)
    opened_on = models.DateField(_("since"))
    changed_on = models.DateField(_("level since"))
    cleared_on = models.DateField(_("cleared on"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acknowledged by")
    )

    objects = WarningQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("warning"), _("warnings")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "material", "opened_on"], name="warning_once_per_opening"),
            models.UniqueConstraint(
                fields=["enterprise", "material"], name="warning_one_open", condition=Q(cleared_on=None)
            ),
        ]

    def __str__(self):
        return f"{self.enterprise} – {self.material}: {self.level}"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user)

    def get_absolute_url(self):
        return address_of("warning-detail", self.pk)

    @property
    def place(self):
        return self.enterprise.division_id


class AssessmentQuerySet(ScopedQuerySet):
    def on(self, day):
        return self.filter(day=day)

    def warned(self):
        """Those that belong to an episode: blue or worse, or no data."""
        return self.filter(level__in=WARNED)

    def matching(self, text):
        """Those of enterprises found by any part of their name, pinyin initials or code."""
        return self.filter(enterprise__in=Enterprise.objects.matching(text))

    def with_news(self, day):
        """With `is_new`: worse than on the day before, when it may have been normal. For the rows of one day."""
        before = Assessment.objects.filter(
            enterprise=OuterRef("enterprise"), material=OuterRef("material"), day=day - ONE, rank__lte=OuterRef("rank")
        )
        return self.annotate(is_new=~Exists(before))

    def with_arrivals(self):
        """With what the sentence why needs beside the figures: the arrivals told."""
        reading = StockReading.objects.filter(
            enterprise=OuterRef("enterprise"), material=OuterRef("material"), day=OuterRef("read_on")
        )
        return self.annotate(arrivals=Subquery(reading.values("arrivals")[:1]))

    def with_story(self):
        """With the arrivals told, and the last day of another level."""
        other = Assessment.objects.filter(warning=OuterRef("warning"), day__lt=OuterRef("day")).exclude(
            level=OuterRef("level")
        )
        return self.with_arrivals().annotate(other_level_on=Subquery(other.order_by("-day").values("day")[:1]))

    def counted(self):
        """With `all_rows` on each: how many rows there are before any slice."""
        return self.annotate(all_rows=Window(Count("*")))

    def with_buyers(self):
        """With `buyers`: how many enterprises are supplied by the one warned of."""
        fed = SupplyLink.objects.filter(supplier=OuterRef("enterprise")).order_by().values("supplier")
        return self.annotate(buyers=Subquery(fed.annotate(n=Count("buyer", distinct=True)).values("n")))

    def for_table(self):
        return self.select_related("enterprise", "material", "warning", "rule").order_by(*WORST_FIRST)

    def for_page(self):
        """`for_table`, with no more of each row than a page shows."""
        own = [field.name for field in self.model._meta.concrete_fields]
        material = [f"material__{name}" for name in ("name", "name_en", "unit")]
        rule = [f"rule__{name}" for name in ("red", "yellow", "blue", "red_source")]
        warning = [f"warning__{name}" for name in ("opened_on", "acknowledged_at")]
        return self.with_arrivals().for_table().only(*own, *material, *rule, *warning, *shown_in_rows())


class Assessment(ScopedModel):
    """One day's judgement of one enterprise and material: the figures, the limits used, and the level.

    `raw_level` is what the figures alone say; `level` improves only after two good days in a row. `rank` orders levels,
    worst 0.
    """

    day = models.DateField(_("day"))
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="assessments", verbose_name=_("enterprise")
    )
    material = models.ForeignKey(
        "enterprises.Material", models.PROTECT, related_name="assessments", verbose_name=_("material")
    )
    warning = models.ForeignKey(Warning, models.SET_NULL, null=True, related_name="assessments")
    raw_level = models.CharField(max_length=6, choices=Level.choices)
    level = models.CharField(_("level"), max_length=6, choices=Level.choices)
    rank = models.PositiveSmallIntegerField()
    is_grey = models.BooleanField(_("no data"), default=False)
    is_projected = models.BooleanField(_("projected"), default=False)
    cover = models.DecimalField(_("cover, days"), max_digits=12, decimal_places=2, null=True)
    on_hand = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    daily_use = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    arrived = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    read_on = models.DateField(null=True)
    is_stopped_for_want = models.BooleanField(default=False)
    rule = models.ForeignKey("alerts.WarningRule", models.PROTECT, related_name="+")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("assessment"), _("assessments")
        constraints = [models.UniqueConstraint(fields=["day", "enterprise", "material"], name="assessment_once_a_day")]
        indexes = [
            models.Index(
                fields=["day", "rank", "cover"],
                name="assessment_warned",
                condition=~Q(level="normal"),
                include=["enterprise", "material"],
            )
        ]

    def __str__(self):
        return f"{self.day} {self.enterprise} – {self.material}: {self.level}"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user)

    @property
    def changed_on(self):
        """The first day of the level that it has on this day; asks for `with_story()`."""
        return self.other_level_on + ONE if self.other_level_on else self.warning.opened_on


class WarningRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Runs are the nation's, without any enterprise: those who may read them see them all."""
        return self.all() if getattr(user, "is_authenticated", False) else self.none()

    def done(self):
        return self.filter(state=WarningRun.RunState.DONE)


class WarningRun(models.Model):
    """One computation of one day. Readers follow the newest generation, which flips when the run commits."""

    unscoped_because = "counts of the whole nation's run, without any enterprise; answered to offices only"

    class RunState(models.TextChoices):
        QUEUED = "queued", _("queued")
        DONE = "done", _("done")

    day = models.DateField(_("day"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=RunState.choices, default=RunState.QUEUED)
    counts = models.JSONField(_("counts"), default=dict)
    input_hash = models.CharField(max_length=64, blank=True)
    generation = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = WarningRunQuerySet.as_manager()

    class Meta:
        ordering = ("-day",)
        verbose_name, verbose_name_plural = _("warning run"), _("warning runs")

    def __str__(self):
        return f"{self.day} #{self.generation}"
