"""The vocabulary that all share: parts, raw materials and products, by code."""

import unicodedata

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from enterprises.register.words import Chain
from whitelist.core.scoping import ScopedQuerySet


def folded(text):
    """A text as searches compare it: full-width characters and capitals brought to one form."""
    narrow = text.replace("（", "(").replace("）", ")")  # mostly nothing is left that needs a look at each character
    return unicodedata.normalize("NFKC", narrow).lower()


class MaterialQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """The vocabulary is the same for everybody who has signed in."""
        return self if user.is_authenticated and user.is_active else self.none()

    def matching(self, text):
        """Any part of the code or of either name."""
        found = self
        for word in dict.fromkeys(folded(text).split()):
            found = found.filter(Q(code__icontains=word) | Q(name__icontains=word) | Q(name_en__icontains=word))
        return found

    def for_table(self):
        return self.order_by("code")


class Material(models.Model):
    """A part, raw material or product, with the unit in which its stock is counted."""

    unscoped_because = "a shared vocabulary: names and units, nothing about anybody"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    unit = models.CharField(_("unit"), max_length=20)
    chain = models.CharField(_("chain"), max_length=24, choices=Chain.choices, blank=True)
    is_bulk = models.BooleanField(_("bulk raw material"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name, verbose_name_plural = _("material"), _("materials")

    def __str__(self):
        return self.name if (get_language() or "").startswith("zh") or not self.name_en else self.name_en
