"""What must still happen, what was told to whom, and the answers kept for a repeated request."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from whitelist.core.scoping import ScopedModel, ScopedQuerySet

MOST_TRIES = 8


class OutboxQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(done_at=None, dead_at=None)

    def ready(self, now):
        return self.waiting().filter(next_at__lte=now).order_by("pk")

    def dead(self):
        return self.exclude(dead_at=None)


class OutboxEvent(models.Model):
    """A job queued in the transaction that wants it; the relay runs it after commit or gives up visibly."""

    unscoped_because = "never shown as rows; its dead ones are counted on the readiness page"

    name = models.CharField(_("job"), max_length=80)
    key = models.CharField(max_length=120, unique=True)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="outbox_waiting", condition=Q(done_at=None, dead_at=None))]
        verbose_name, verbose_name_plural = _("queued job"), _("queued jobs")

    def __str__(self):
        return f"{self.name} {self.key}"


class NotificationQuerySet(ScopedQuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def unread_first(self):
        return self.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-pk")


class Notification(ScopedModel):
    """One sentence for one person, with the address where something can be done about it.

    `sentence` is a message id; it is translated when shown, with `values` put in, so each reader has his language.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    sentence = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    address = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notification_once")]
        verbose_name, verbose_name_plural = _("notice"), _("notices")

    def __str__(self):
        return self.text

    @classmethod
    def scope(cls, user):
        return Q(user=user.pk)

    @property
    def text(self):
        return translate(self.sentence) % self.values


class KeptAnswer(models.Model):
    """The first answer to a request with an Idempotency-Key, kept for 24 hours for its repetition."""

    unscoped_because = "found only by its owner and key"

    KEPT_FOR = timedelta(hours=24)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answer_once_per_key")]

    def __str__(self):
        return f"{self.user_id} {self.key}"

    def keep(self, status, body, headers):
        self.status, self.body, self.headers = status, body, headers
        self.save(update_fields=["status", "body", "headers"])


def new_key():
    return uuid.uuid4().hex


def back_off(tries):
    """Seconds until the next try: 10 s, then four times as long each time, at most 6 h."""
    return min(10 * 4 ** (tries - 1), 6 * 3600)


def bump(event_id, now, tries):
    """Count a try before it is made, so that a job which kills its worker is counted too."""
    OutboxEvent.objects.filter(pk=event_id).update(
        tries=F("tries") + 1, next_at=now + timedelta(seconds=back_off(tries + 1))
    )
