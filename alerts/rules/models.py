"""The limits below which cover is red, yellow or blue: data with a source and a first day, never code."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Chain

RED_DAYS = Decimal(3)  # published by the ministry in June 2022 for automobile parts (facts A5.42)
YELLOW_DAYS = Decimal(7)  # our default
BLUE_DAYS = Decimal(14)  # our default


class WarningRuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published limits: the same for everybody who has signed in."""
        return self.all() if getattr(user, "is_authenticated", False) else self.none()

    def for_table(self):
        return self.select_related("material").order_by("chain", "material__code", "-starts_on", "pk")


class WarningRule(models.Model):
    """Limits in days of cover for a chain, a material, both, or everything else. The most specific in force wins."""

    unscoped_because = "published limits, the same for everybody"

    class Source(models.TextChoices):
        MINISTRY = "ministry", _("published by the ministry")
        OURS = "default", _("default of this system")
        OFFICE = "office", _("set by an office")

    chain = models.CharField(_("chain"), max_length=24, choices=Chain.choices, blank=True)
    material = models.ForeignKey(
        "enterprises.Material", models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("material")
    )
    red = models.DecimalField(
        _("red below, days"),
        max_digits=6,
        decimal_places=2,
        default=RED_DAYS,
        validators=[MinValueValidator(Decimal(0))],
    )
    yellow = models.DecimalField(_("yellow below, days"), max_digits=6, decimal_places=2, default=YELLOW_DAYS)
    blue = models.DecimalField(_("blue below, days"), max_digits=6, decimal_places=2, default=BLUE_DAYS)
    starts_on = models.DateField(_("in force from"))
    red_source = models.CharField(_("whose red limit"), max_length=8, choices=Source.choices, default=Source.OURS)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WarningRuleQuerySet.as_manager()

    class Meta:
        ordering = ("chain", "material_id", "-starts_on", "pk")
        verbose_name, verbose_name_plural = _("warning rule"), _("warning rules")
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "material", "starts_on"],
                name="warning_rule_version_once",
                nulls_distinct=False,
                violation_error_message=_("There is a version of this rule from that day already."),
            ),
            models.CheckConstraint(
                name="warning_rule_limits_rise",
                condition=Q(red__lte=F("yellow"), yellow__lte=F("blue")),
                violation_error_message=_("Limits rise from red to yellow to blue."),
            ),
        ]

    def __str__(self):
        return f"{self.chain or '*'} / {self.material_id or '*'} {self.starts_on}"
