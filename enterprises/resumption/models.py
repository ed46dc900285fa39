"""Daily scheduling: who owes a report for a day, the report, its revisions, and the stock it tells of."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import NOT_NEGATIVE, seen_with_enterprise
from enterprises.resumption.words import RESUMED, Channel, State
from whitelist.accounts.models import Level
from whitelist.core.scoping import ScopedModel, ScopedQuerySet

USER = settings.AUTH_USER_MODEL


class KeyMaterial(ScopedModel):
    """A material whose stock an enterprise tells of each day, because its line hangs on it."""

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="key_materials", verbose_name=_("enterprise")
    )
    material = models.ForeignKey("enterprises.Material", models.PROTECT, related_name="+", verbose_name=_("material"))
    since_on = models.DateField(_("since"))

    class Meta:
        verbose_name, verbose_name_plural = _("key material"), _("key materials")
        constraints = [models.UniqueConstraint(fields=["enterprise", "material"], name="key_material_once")]

    def __str__(self):
        return f"{self.enterprise}: {self.material}"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user)


class Answer(models.TextChoices):
    """What became of a due report: the four shares of the coverage, which sum to 100 %."""

    ON_TIME = "on_time", _("on time")
    LATE = "late", _("late")
    EMPTY = "empty", _("empty")
    NONE = "none", _("silent")


class ReportDueQuerySet(ScopedQuerySet):
    def on(self, day):
        return self.filter(day=day)

    def of(self, codes):
        """The rows of the enterprises with these codes."""
        return self.filter(Q(enterprise__uscc__in=codes) | Q(enterprise__registration_no__in=codes))

    def judged(self):
        """With the state that counts on the day (`shown_state`, None unknown), whether it is carried, the answer."""
        said_nothing = Q(report__state__in=RESUMED, report__staff_on_duty=None, report__output=None)
        return self.annotate(
            shown_state=Coalesce("report__state", "carried_from__state"),
            shown_output=Coalesce("report__output", "carried_from__output"),
            is_carried=Q(report=None, carried_from__isnull=False),
            answer=Case(
                When(report=None, then=Value(Answer.NONE)),
                When(said_nothing, then=Value(Answer.EMPTY)),
                When(report__is_on_time=True, then=Value(Answer.ON_TIME)),
                default=Value(Answer.LATE),
            ),
        )

    def with_shares(self):
        """Judged rows with the output that counts, in per cent of the normal one."""
        share = F("shown_output") * Value(Decimal(100)) / NullIf(F("enterprise__normal_output"), Value(Decimal(0)))
        return self.annotate(
            output_share=ExpressionWrapper(share, models.DecimalField(max_digits=20, decimal_places=6))
        )

    def with_reminders(self):
        """With the last time each silent enterprise was asked, and by whom."""
        asked = Reminder.objects.filter(enterprise=OuterRef("enterprise"), day=OuterRef("day")).order_by("-at")
        by = asked.annotate(who=Coalesce(NullIf("by__name", Value("")), "by__username"))
        return self.annotate(reminded_at=Subquery(asked.values("at")[:1]), reminded_by=Subquery(by.values("who")[:1]))

    def for_table(self):
        return self.select_related("enterprise", "report", "carried_from").order_by("enterprise__name", "pk")


class ReportDue(ScopedModel):
    """An enterprise that owed a report for a day. Frozen when the day ends: later listings do not change it.

    `report` is the day's report once it came; `carried_from` the last one of the three days before, standing in for it.
    """

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="reports_due", verbose_name=_("enterprise")
    )
    day = models.DateField(_("day"))
    due_at = models.DateTimeField(_("due at"))
    report = models.OneToOneField(
        "DailyReport", models.SET_NULL, null=True, related_name="due", verbose_name=_("report")
    )
    carried_from = models.ForeignKey(
        "DailyReport", models.SET_NULL, null=True, related_name="+", verbose_name=_("carried from")
    )

    objects = ReportDueQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("report due"), _("reports due")
        constraints = [models.UniqueConstraint(fields=["day", "enterprise"], name="report_due_once")]

    def __str__(self):
        return f"{self.enterprise} {self.day}"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user)

    def get_absolute_url(self):
        return reverse("report-day", args=[self.enterprise.code, self.day])

    @property
    def shown(self):
        """The report whose values count on the day: its own, or the one carried forward; None where there is none."""
        return self.report or self.carried_from

    @property
    def province(self):
        """The province in which the plant stands."""
        place = self.enterprise.division
        while place.level != Level.PROVINCE and place.parent_id is not None:
            place = place.parent
        return place

    @property
    def answer_label(self):
        """What became of a judged row, in words."""
        return Answer(self.answer).label


class DailyReportQuerySet(ScopedQuerySet):
    def for_table(self):
        return self.select_related("enterprise", "filed_by").order_by("enterprise__name", "pk")


class DailyReport(ScopedModel):
    """One enterprise's report for day D: values as of 24:00 of D. Corrections are revisions; the first value stays."""

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="reports", verbose_name=_("enterprise")
    )
    day = models.DateField(_("day"))
    state = models.CharField(_("state of production"), max_length=12, choices=State.choices)
    staff_due = models.PositiveIntegerField(_("staff due"), null=True, blank=True)
    staff_on_duty = models.PositiveIntegerField(_("staff on duty"), null=True, blank=True)
    staff_in_loop = models.PositiveIntegerField(_("staff in closed loop"), null=True, blank=True)
    output = models.DecimalField(
        _("output today"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    electricity = models.DecimalField(
        _("electricity, kWh"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    inbound_open = models.BooleanField(_("goods can come in"), null=True, blank=True)
    outbound_open = models.BooleanField(_("goods can go out"), null=True, blank=True)
    epidemic_cases = models.PositiveIntegerField(_("epidemic cases today"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    receipt = models.CharField(_("receipt"), max_length=24, unique=True, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    is_on_time = models.BooleanField(_("on time"), default=True, editable=False)
    channel = models.CharField(_("way in"), max_length=8, choices=Channel.choices, default=Channel.PAGE)
    filed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("filed by"))
    filed_at = models.DateTimeField(_("filed at"), default=timezone.now)

    objects = DailyReportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("daily report"), _("daily reports")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "day"],
                name="daily_report_once",
                violation_error_message=_("There is a report for this day already; correct that one."),
            ),
            models.CheckConstraint(
                name="daily_report_on_duty_within_due",
                condition=Q(staff_on_duty__isnull=True)
                | Q(staff_due__isnull=True)
                | Q(staff_on_duty__lte=F("staff_due")),
                violation_error_message=_("Staff on duty cannot exceed staff due."),
            ),
        ]
        indexes = [models.Index(fields=["day", "enterprise"], name="daily_report_by_day")]

    def __str__(self):
        return f"{self.enterprise} {self.day}"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user)

    def get_absolute_url(self):
        return reverse("report-day", args=[self.enterprise.code, self.day])

    @property
    def place(self):
        return self.enterprise.division_id


class ReportRevision(ScopedModel):
    """What a report said before it was corrected, who corrected it and why."""

    report = models.ForeignKey(DailyReport, models.PROTECT, related_name="revisions")
    revision = models.PositiveIntegerField(_("revision"))
    values = models.JSONField(encoder=DjangoJSONEncoder)
    replaced_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("replaced by"))
    replaced_at = models.DateTimeField(_("replaced at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("revision"), _("revisions")
        constraints = [models.UniqueConstraint(fields=["report", "revision"], name="report_revision_once")]

    def __str__(self):
        return f"{self.report} #{self.revision}"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user, "report__enterprise")


class OneOf(Func):
    """Whether a value is in an array; for IN the planner would work a subquery out once more for every row it finds."""

    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", models.BooleanField()


class StockReadingQuerySet(ScopedQuerySet):
    def latest(self):
        """The last reading of each enterprise and material."""
        return self.order_by("enterprise_id", "material_id", "-day").distinct("enterprise_id", "material_id")

    def newest(self):
        """The same rows as `latest`, found pair by pair and once, so that they can be filtered and put in any order."""
        past = StockReading.objects.filter(enterprise=OuterRef("enterprise"), material=OuterRef("material"))
        last = KeyMaterial.objects.values(last=Subquery(past.order_by("-day").values("pk")[:1]))
        return self.filter(OneOf(F("pk"), ArraySubquery(last)))

    def for_table(self):
        """What a row names is fetched after the page is cut: a join would fetch it for every row that is sorted."""
        return self.prefetch_related("enterprise", "material").order_by("-day", "pk")


class StockReading(ScopedModel):
    """A material's stock as told in a report: on hand at 24:00 of the day, daily use, and confirmed arrivals.

    `arrivals` is a list of {"on": day, "quantity": decimal string}. `stopped_for_want` says that the plant stands
    still for want of this very material.
    """

    report = models.ForeignKey(DailyReport, models.CASCADE, related_name="stock", verbose_name=_("report"))
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="stock", verbose_name=_("enterprise")
    )
    material = models.ForeignKey(
        "enterprises.Material", models.PROTECT, related_name="stock", verbose_name=_("material")
    )
    day = models.DateField(_("day"))
    on_hand = models.DecimalField(_("on hand"), max_digits=16, decimal_places=2, validators=[NOT_NEGATIVE])
    daily_use = models.DecimalField(_("daily use"), max_digits=16, decimal_places=2, validators=[NOT_NEGATIVE])
    arrivals = models.JSONField(_("confirmed arrivals"), default=list, blank=True)
    stopped_for_want = models.BooleanField(_("stopped for want of it"), default=False)

    objects = StockReadingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("stock reading"), _("stock readings")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "material", "day"], name="stock_reading_once"),
            models.CheckConstraint(
                name="stock_reading_not_negative",
                condition=Q(on_hand__gte=0, daily_use__gte=0),
                violation_error_message=_("Stock and use are not below zero."),
            ),
        ]

    def __str__(self):
        return f"{self.enterprise} {self.material} {self.day}"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user)

    @property
    def coming(self):
        """The confirmed arrivals as (quantity, day), the next one first."""
        found = [(Decimal(each["quantity"]), date.fromisoformat(each["on"])) for each in self.arrivals]
        return sorted(found, key=lambda arrival: arrival[1])


class Reminder(ScopedModel):
    """An enterprise was asked for a report that had not come. One request a day is enough, whoever makes it."""

    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, related_name="reminders", verbose_name=_("enterprise")
    )
    day = models.DateField(_("day"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    reminded_on = models.DateField(_("reminded on"))

    class Meta:
        verbose_name, verbose_name_plural = _("reminder"), _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "day", "reminded_on"],
                name="reminder_once_a_day",
                violation_error_message=_("This enterprise was reminded today already."),
            )
        ]

    def __str__(self):
        return f"{self.enterprise} {self.day}"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user)
