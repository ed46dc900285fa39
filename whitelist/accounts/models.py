"""Who is who: divisions, offices, users with duties, and the tokens of systems."""

import hashlib
import secrets

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from whitelist.accounts.divisions import DivisionKey
from whitelist.accounts.words import Duty, Level, OfficeKind, labels_of
from whitelist.core.addresses import address_of
from whitelist.core.scoping import NOTHING, ScopedModel, ScopedQuerySet, within

NATION = "000000"


def prefix_of(code):
    """The digits that all divisions within this one share: '' nation, '31', '3101', '310115'."""
    if code == NATION:
        return ""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def above(code):
    """A division and those it lies in, below the nation: `above("310115")` is 310115, 310100 and 310000."""
    return [each for each in dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000")) if each != NATION]


class DivisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A national standard: everybody who has signed in sees all of it."""
        return self if getattr(user, "is_authenticated", False) and user.is_active else self.none()

    def matching(self, text):
        """Any part of the name in Chinese or English, or the beginning of the code."""
        return self.filter(Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__startswith=text))

    def provinces(self):
        return self.filter(level=Level.PROVINCE).order_by("code")

    def reporting_units(self):
        return self.filter(is_reporting_unit=True).order_by("code")


class Division(models.Model):
    """An administrative division by its GB/T 2260 code; the Production and Construction Corps has 660000 by custom."""

    unscoped_because = "reference data of a national standard, the same for everybody"

    code = models.CharField(_("code"), max_length=6, primary_key=True, validators=[RegexValidator(r"^\d{6}$")])
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    parent = DivisionKey(null=True, related_name="children", verbose_name=_("parent"))
    is_reporting_unit = models.BooleanField(_("reporting unit"), default=False)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name, verbose_name_plural = _("division"), _("divisions")

    def __str__(self):
        return self.name if (get_language() or "").startswith("zh") else self.name_en

    @cached_property
    def prefix(self):
        """The digits that all codes below share: '' nation, '31', '3101', '310115'."""
        return prefix_of(self.code)


class OfficeQuerySet(ScopedQuerySet):
    def within_division(self, code):
        """Offices of a division and of all below it."""
        return self.filter(division__code__startswith=prefix_of(code))


def office_in_rows(path):
    """The columns of an office that rows of other tables show, for `only()`."""
    return [f"{path}__{name}" for name in ("division", "kind", "name", "name_en")]


class Office(ScopedModel):
    """A division's authority of one kind; the ministry is the industry office of the nation."""

    division = DivisionKey(related_name="offices", verbose_name=_("division"))
    kind = models.CharField(_("kind"), max_length=20, choices=OfficeKind.choices)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ("division_id", "kind")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "kind"],
                name="office_once_per_kind",
                violation_error_message=_("This division has an office of that kind already."),
            )
        ]
        verbose_name, verbose_name_plural = _("office"), _("offices")

    def __str__(self):
        return self.name if (get_language() or "").startswith("zh") else self.name_en

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        return Q(pk=user.office_id) | within("division__code", user) if user.office_id else NOTHING


class UserQuerySet(ScopedQuerySet):
    def for_request(self):
        """With everything that every request asks of its user, in one query."""
        return self.select_related("office", "clerk__enterprise")

    def for_table(self):
        return self.for_request().order_by("username")

    def of_somebody(self):
        """Without the clock, which belongs to no office and no enterprise."""
        return self.exclude(office=None, is_system=True)

    def matching(self, text):
        """Any part of the user name, the name or the e-mail address."""
        return self.filter(Q(username__icontains=text) | Q(name__icontains=text) | Q(email__icontains=text))

    def holding(self, duty):
        return self.filter(duties__contains=[duty])


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username, password=None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def system(self):
        """The user under whose name the clock acts."""
        return self.get_or_create(username="system", defaults={"name": "System", "is_system": True, "password": "!"})[0]


class User(ScopedModel, AbstractBaseUser):
    """A person, or a system acting for one office or enterprise. An enterprise's users hang on it by `clerk`."""

    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("name"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("office")
    )
    duties = ArrayField(
        models.CharField(max_length=12, choices=Duty.choices), default=list, blank=True, verbose_name=_("duties")
    )
    is_system = models.BooleanField(_("is a system"), default=False)
    responsible = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="systems", verbose_name=_("person responsible")
    )
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()

    class Meta:
        ordering = ("username",)
        verbose_name, verbose_name_plural = _("user"), _("users")
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete | pgtrigger.UpdateOf("id"))]

    def __str__(self):
        return self.name or self.username

    def get_absolute_url(self):
        return address_of("user-detail", self.pk)

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        if user.enterprise_id:
            return Q(clerk__enterprise=user.enterprise_id)
        if not user.office_id:
            return Q(pk=user.pk)
        own = Q(pk=user.pk) | Q(office=user.office_id)
        return own | within("office__division__code", user) | within("clerk__enterprise__division__code", user)

    @cached_property
    def prefix(self):
        """The division digits whose rows this user sees: '' all, None none (enterprises, checkpoints, the clock)."""
        if self.office is None or self.office.kind == OfficeKind.CHECKPOINT:
            return None
        return self.office.division.prefix

    @property
    def is_national(self):
        return self.prefix == ""

    @cached_property
    def enterprise_id(self):
        """The enterprise this user belongs to, None for an office's user."""
        clerk = getattr(self, "clerk", None)
        return clerk.enterprise_id if clerk else None

    @property
    def belongs_to(self):
        """The office or the enterprise, None for the clock."""
        clerk = getattr(self, "clerk", None)
        return self.office or (clerk.enterprise if clerk else None)

    @property
    def duty_labels(self):
        return labels_of(self.duties)

    @property
    def place(self):
        """The division whose offices see what happens to this user: the office's, or that of the enterprise."""
        return getattr(self.belongs_to, "division_id", "")

    @property
    def person_id(self):
        """Whose hand it is: for four eyes a system counts as the person responsible for it."""
        return self.responsible_id or self.pk

    def holds(self, duty, office=None):
        """Whether the user holds a duty; with an office named, whether for that very office.

        A working group acts for the ministry that sent it.
        """
        if duty not in self.duties or not self.is_active:
            return False
        if office is None or self.office_id == office.pk:
            return True
        return self.office is not None and self.office.kind == OfficeKind.WORKING_GROUP and office.division_id == NATION

    def covers(self, division_code):
        """Whether a division lies in the user's own."""
        return self.prefix is not None and division_code.startswith(self.prefix)


class TokenQuerySet(ScopedQuerySet):
    def usable(self, secret):
        """The live token with this secret, if any."""
        return self.filter(
            digest=ApiToken.digest_of(secret), revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True
        )

    def live(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ApiToken(ScopedModel):
    """A secret with which a system signs in. Only its hash is kept; the prefix tells which one it is."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name=_("user"))
    name = models.CharField(_("purpose"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    duties = ArrayField(models.CharField(max_length=12, choices=Duty.choices), default=list, verbose_name=_("duties"))
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name, verbose_name_plural = _("API token"), _("API tokens")

    def __str__(self):
        return f"{self.prefix}… {self.name}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        return Q(user=user.pk) | (within("user__office__division__code", user) if user.office_id else NOTHING)

    @staticmethod
    def digest_of(secret):
        return hashlib.sha256(secret.encode()).hexdigest()

    @staticmethod
    def new_secret():
        return f"wl_{secrets.token_urlsafe(32)}"

    def get_absolute_url(self):
        return self.user.get_absolute_url()

    @property
    def duty_labels(self):
        return labels_of(self.duties)

    @property
    def place(self):
        return self.user.place

    @property
    def is_live(self):
        return self.revoked_at is None and self.expires_at > timezone.now()
