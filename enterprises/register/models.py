"""The register: enterprises, materials, and who supplies whom with what."""

from decimal import Decimal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register.initials import BETWEEN, initials_of
from enterprises.register.materials.vocabulary import Material, folded
from enterprises.register.words import Chain, Criticality, Field, Ownership, RetireReason, Size, Standing, Tag
from whitelist.accounts.divisions import DivisionKey, divisions_below, known_divisions
from whitelist.core.addresses import address_of
from whitelist.core.codes import USCC_ALPHABET, normalise
from whitelist.core.scoping import NOTHING, ScopedModel, ScopedQuerySet, sees, within

NOT_NEGATIVE = MinValueValidator(Decimal(0))
TAKEN = _("This code is in the register already.")


def seen_with_enterprise(user, path="enterprise"):
    """Facts about an enterprise are seen by itself and by the offices above its plant, by nobody else."""
    if user.is_national:
        return Q()
    return Q(**{path: user.enterprise_id}) if user.enterprise_id else within(f"{path}__division__code", user)


def shown_in_rows(path="enterprise"):
    """The columns of an enterprise that a row of a page shows, for `only()`."""
    return [f"{path}__{name}" for name in ("uscc", "registration_no", "name", "status", "division")]


def divisions_to_filter(user, chosen):
    """The divisions right below the user's own and below the chosen one, and the chosen one itself, by code."""
    own, known = user.office.division_id if user.office else None, known_divisions()
    found = {each.pk for code in (own, chosen) for each in divisions_below(code)} | ({chosen} & known.keys())
    return [known[code] for code in sorted(found - {own})]


def spellings(word):
    """A word as typed and as searches compare it, with brackets of either width: names are stored as on the licence."""
    plain = folded(word)
    return sorted({word, plain, plain.translate(str.maketrans("()", "（）"))})


def search_text(*, name, former_names=(), code=""):
    """What a search looks in: names, the code, and the pinyin initials of the name, in lower case."""
    return search_texts([(name, former_names, code)])[0]


def search_texts(told):
    """The same of one or more enterprises: `told` are their names, former names and codes."""
    letters = initials_of([name for name, _former, _code in told])
    lines = [" ".join([name, *former, code, said]) for (name, former, code), said in zip(told, letters, strict=True)]
    return folded(BETWEEN.join(lines)).split(BETWEEN)


class EnterpriseQuerySet(ScopedQuerySet):
    def active(self):
        return self.filter(status=Standing.ACTIVE)

    def coded(self, code):
        """The enterprise with this USCC or registration number."""
        code = normalise(code)
        return self.filter(registration_no=code) if len(code) == 15 else self.filter(uscc=code)

    def named(self, text):
        """The enterprise that an address or a body names: by USCC, by registration number, or by id."""
        text = normalise(text)
        if len(text) < 15 and text.isascii() and text.isdigit():
            return self.filter(pk=int(text))
        return self.coded(text)

    def matching(self, text):
        """Any part of a name, pinyin initials or code, from one character on; several words must all be found."""
        found = self
        for word in dict.fromkeys(folded(text).split()):
            found = found.filter(search__contains=word)
        return found

    def with_listed(self, day):
        """With `is_listed`: whether it stands on any white list on the day."""
        listings = self.model._meta.get_field("listings").related_model
        return self.annotate(
            is_listed=Exists(listings._default_manager.in_force(day).filter(enterprise=OuterRef("pk")))
        )

    def listed_on(self, day):
        return self.with_listed(day).filter(is_listed=True)

    def not_listed_on(self, day):
        return self.with_listed(day).filter(is_listed=False)

    def for_table(self):
        return self.order_by("name", "pk")

    def for_page(self):
        return self.select_related("merged_into")

    def for_answer(self):
        return self.select_related("merged_into").order_by("name", "pk")


class Enterprise(ScopedModel):
    """An enterprise by its unified social credit code, or by a 15-digit registration number where it has none yet.

    `division` is where the plant stands (that decides who sees it), `registered_division` where it is registered.
    Rows come by the ten thousand, so what is indexed is stated below: nothing that no list, search or check reads by.
    """

    uscc = models.CharField(_("unified social credit code"), max_length=18, null=True, blank=True)  # noqa: DJ001
    registration_no = models.CharField(_("registration number"), max_length=15, null=True, blank=True)  # noqa: DJ001
    name = models.CharField(_("name"), max_length=200)
    former_names = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, verbose_name=_("former names")
    )
    division = DivisionKey(related_name="enterprises", db_index=False, verbose_name=_("plant division"))
    registered_division = DivisionKey(
        null=True, blank=True, related_name="+", db_index=False, verbose_name=_("registered division")
    )
    industry = models.CharField(
        _("industry (GB/T 4754)"),
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^\d{2,4}$", _("Two to four digits of GB/T 4754."))],
    )
    chain = models.CharField(_("chain"), max_length=24, choices=Chain.choices, blank=True)
    field = models.CharField(_("field"), max_length=12, choices=Field.choices, blank=True)
    link = models.CharField(_("link in the chain"), max_length=60, blank=True)
    size = models.CharField(_("size"), max_length=8, choices=Size.choices, blank=True)
    ownership = models.CharField(_("ownership"), max_length=8, choices=Ownership.choices, blank=True)
    tags = ArrayField(
        models.CharField(max_length=20, choices=Tag.choices), default=list, blank=True, verbose_name=_("tags")
    )
    staff_total = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    normal_output = models.DecimalField(
        _("normal daily output"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    output_unit = models.CharField(_("unit of output"), max_length=20, blank=True)
    output_value = models.DecimalField(
        _("value of normal daily output, 10,000 yuan"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    electricity_baseline = models.DecimalField(
        _("normal daily electricity, kWh"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
    )
    status = models.CharField(_("standing"), max_length=8, choices=Standing.choices, default=Standing.ACTIVE)
    retired_reason = models.CharField(
        _("reason of retirement"), max_length=12, choices=RetireReason.choices, blank=True
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="absorbed",
        db_index=False,
        verbose_name=_("merged into"),
    )
    search = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("enterprise"), _("enterprises")
        constraints = [
            models.UniqueConstraint(fields=["uscc"], name="enterprise_uscc_once", violation_error_message=TAKEN),
            models.UniqueConstraint(
                fields=["registration_no"],
                condition=Q(registration_no__isnull=False),
                name="enterprise_registration_no_once",
                violation_error_message=TAKEN,
            ),
            models.CheckConstraint(
                name="enterprise_has_a_code",
                condition=Q(uscc__isnull=False) | Q(registration_no__isnull=False),
                violation_error_message=_("An enterprise needs a unified social credit code or a registration number."),
            ),
            models.CheckConstraint(
                name="enterprise_uscc_form",
                condition=Q(uscc__isnull=True)
                | Q(Exact(Length("uscc"), 18)) & ~Q(uscc__regex=f"[^{USCC_ALPHABET}]"),  # three times as fast as {18}
                violation_error_message=_("A unified social credit code has 18 characters of the standard's alphabet."),
            ),
            models.CheckConstraint(
                name="enterprise_retired_with_reason",
                condition=Q(status=Standing.ACTIVE, retired_reason="", retired_on=None) | ~Q(status=Standing.ACTIVE),
                violation_error_message=_("Only a retired enterprise has a reason of retirement."),
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="enterprise_by_name"),
            models.Index(fields=["chain"], name="enterprise_by_chain"),
            models.Index(fields=["division"], name="enterprise_by_division", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["merged_into"], name="enterprise_by_merger", condition=Q(merged_into__isnull=False)),
            GinIndex(fields=["search"], name="enterprise_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        return Q(pk=user.enterprise_id) if user.enterprise_id else within("division__code", user)

    def get_absolute_url(self):
        return address_of("enterprise-detail", self.code)

    @property
    def code(self):
        """USCC, or the registration number of one that has none."""
        return self.uscc or self.registration_no

    @property
    def place(self):
        return self.division_id

    @property
    def is_active(self):
        return self.status == Standing.ACTIVE

    @property
    def tag_labels(self):
        labels = dict(Tag.choices)
        return [labels.get(tag, tag) for tag in self.tags]

    def save(self, **kwargs):
        self.search = search_text(name=self.name, former_names=self.former_names, code=self.code or "")
        if kwargs.get("update_fields"):
            self.updated_at = timezone.now()
            kwargs["update_fields"] = {*kwargs["update_fields"], "search", "updated_at"}
        super().save(**kwargs)


class SupplyLinkQuerySet(ScopedQuerySet):
    def matching(self, text):
        """Any part of the supplier's or the buyer's name, or of the material's code and names."""
        found = self
        for word in dict.fromkeys(text.split()):
            named = Q()
            for path in ("supplier__name", "buyer__name", "material__code", "material__name", "material__name_en"):
                for spelling in spellings(word):
                    named |= Q(**{f"{path}__icontains": spelling})
            found = found.filter(named)
        return found

    def of(self, enterprise):
        return self.filter(Q(supplier=enterprise) | Q(buyer=enterprise))

    def of_named(self, text, user):
        """The links of the enterprise named by code or id; a name outside the user's scope finds nothing."""
        mine = Enterprise.objects.visible_to(user).named(text)
        return self.filter(Q(supplier__in=mine) | Q(buyer__in=mine))

    def seen_by(self, user):
        """With `sees_supplier` and `sees_buyer`: of a side outside the user's scope only the name may be shown."""
        sides = {f"sees_{side}": sees(user, Enterprise, side) for side in ("supplier", "buyer")}
        return self.annotate(**sides)

    def for_table(self):
        """With no more of both sides than a row shows; those who declared are few."""
        own = [field.name for field in self.model._meta.concrete_fields]
        declarers = Prefetch("declared_by", get_user_model()._base_manager.select_related("clerk"))
        found = self.select_related("supplier", "buyer", "material")
        found = found.only(*own, *shown_in_rows("supplier"), *shown_in_rows("buyer")).prefetch_related(declarers)
        return found.order_by("buyer__name", "material__code", "pk")


class SupplyLink(ScopedModel):
    """A supplier covers a share of a buyer's need of a material. Both sides see it; of the partner only the name."""

    supplier = models.ForeignKey(Enterprise, models.PROTECT, related_name="supplies", verbose_name=_("supplier"))
    buyer = models.ForeignKey(Enterprise, models.PROTECT, related_name="needs", verbose_name=_("buyer"))
    material = models.ForeignKey(Material, models.PROTECT, related_name="links", verbose_name=_("material"))
    share = models.DecimalField(
        _("share of the buyer's need, %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE, MaxValueValidator(Decimal(100))],
    )
    criticality = models.CharField(
        _("if it fails"), max_length=8, choices=Criticality.choices, default=Criticality.STOPS
    )
    is_sole_source = models.BooleanField(_("sole source"), default=False)
    is_confirmed = models.BooleanField(_("confirmed"), default=False)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("declared by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SupplyLinkQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("supply link"), _("supply links")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "buyer", "material"],
                name="supply_link_once",
                violation_error_message=_("This supply link is declared already."),
            ),
            models.CheckConstraint(
                name="supply_link_between_two",
                condition=~Q(supplier=models.F("buyer")),
                violation_error_message=_("An enterprise does not supply itself."),
            ),
        ]

    def __str__(self):
        return f"{self.supplier} → {self.buyer}: {self.material}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if user.enterprise_id:
            return Q(supplier=user.enterprise_id) | Q(buyer=user.enterprise_id)
        if user.prefix is None:
            return NOTHING
        return within("supplier__division__code", user) | within("buyer__division__code", user)

    @property
    def place(self):
        return self.buyer.division_id


class ClerkQuerySet(ScopedQuerySet):
    def persons(self):
        """The users themselves, by user name, without systems, which have no page."""
        rows = self.filter(user__is_system=False).select_related("user")
        return [clerk.user for clerk in rows.order_by("user__username")]


class Clerk(ScopedModel):
    """A user's place in an enterprise: the enterprise's side of `User`."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="clerk", verbose_name=_("user"))
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="clerks", verbose_name=_("enterprise"))

    objects = ClerkQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("clerk"), _("clerks")

    def __str__(self):
        return f"{self.user} ({self.enterprise})"

    @classmethod
    def scope(cls, user):
        return seen_with_enterprise(user)
