"""The store behind Idempotency-Key: one row per caller and key; a concurrent twin waits for it and then replays."""

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from whitelist.core.errors import Conflict, DomainError, Fault, KeyReused
from whitelist.delivery.models import KeptAnswer


def claim(user, key, digest):
    """The row for this key, fresh (`status` None) or with the answer to replay. Call inside a transaction."""
    if len(key) > 120 or not key.isprintable():
        detail = _("An Idempotency-Key has at most 120 printable characters.")
        raise DomainError(detail, errors=[Fault("Idempotency-Key", "bad_key", detail)])
    KeptAnswer.objects.filter(user=user, key=key, created_at__lt=timezone.now() - KeptAnswer.KEPT_FOR).delete()
    try:
        KeptAnswer.objects.bulk_create([KeptAnswer(user=user, key=key, digest=digest)], ignore_conflicts=True)
    except OperationalError as fault:
        if not isinstance(fault.__cause__, LockNotAvailable):
            raise
        detail = _("The first request with this Idempotency-Key is still being worked on. Send it again later.")
        raise Conflict(detail, code="in_progress") from fault
    kept = KeptAnswer.objects.select_for_update().order_by("pk").get(user=user, key=key)
    if kept.digest != digest:
        raise KeyReused
    return kept
