"""The trail: who did what to which row, with the values before and after, written in the transaction of the change."""

import pgtrigger
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from whitelist.audit import words
from whitelist.core.scoping import ScopedModel, ScopedQuerySet, within

LONGEST_LABEL = 200


class AuditQuerySet(ScopedQuerySet):
    def about(self, row):
        return self.filter(subject=subject_of(row), subject_id=str(row.pk))

    def by(self, text):
        """Entries of persons with this in their user name or name."""
        people = get_user_model()._base_manager.filter(Q(username__icontains=text) | Q(name__icontains=text))
        return self.filter(actor__in=people)

    def for_table(self):
        return self.select_related("actor").order_by("-at", "-pk")


class AuditEntry(ScopedModel):
    """One verb on one row. Entries are only ever added: the database refuses to change or delete them.

    It also refuses to delete a user, so the key to the actor needs no constraint of its own (decision 0015).
    """

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        db_constraint=False,
    )
    verb = models.CharField(_("step"), max_length=60)
    subject = models.CharField(_("kind of object"), max_length=60)
    subject_id = models.CharField(_("object"), max_length=40)
    label = models.CharField(_("name then"), max_length=LONGEST_LABEL, blank=True)
    place = models.CharField(_("division"), max_length=6, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    note = models.TextField(_("note"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("audit entry"), _("audit entries")
        indexes = [
            models.Index(fields=["subject", "subject_id", "-at"], name="audit_by_subject"),
            models.Index(fields=["place"], name="audit_by_place", opclasses=["varchar_pattern_ops"]),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.subject} {self.subject_id}"

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        return Q(actor=user.pk) | within("place", user)

    @cached_property
    def told(self):
        """The entry in the reader's words."""
        return words.tell(self)

    @property
    def kind(self):
        return words.kind_of(self.subject)

    @property
    def has_page(self):
        """Whether what it is about can be opened."""
        return bool(self.subject_id) and hasattr(words.model_of(self.subject), "get_absolute_url")

    @property
    def changes(self):
        """The fields that differ, as (field, before, after)."""
        names = [*self.before, *(name for name in self.after if name not in self.before)]
        pairs = [(name, self.before.get(name), self.after.get(name)) for name in names]
        return [each for each in pairs if each[1] != each[2]]


def subject_of(row):
    return row._meta.label_lower
