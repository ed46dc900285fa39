"""The store behind Idempotency-Key: one row per caller and key; a concurrent twin waits for it and then replays."""

from django.utils import timezone

from whitelist.core.errors import DomainError, Fault, KeyReused
from whitelist.delivery.models import KeptAnswer


def claim(user, key, digest):
    """The row for this key, fresh (`body` None) or with the answer to replay. Call inside a transaction."""
    if len(key) > 120 or not key.isprintable():
        raise DomainError(errors=[Fault("Idempotency-Key", "bad_key", "1–120")])
    KeptAnswer.objects.filter(user=user, key=key, created_at__lt=timezone.now() - KeptAnswer.KEPT_FOR).delete()
    KeptAnswer.objects.bulk_create([KeptAnswer(user=user, key=key, digest=digest)], ignore_conflicts=True)
    kept = KeptAnswer.objects.select_for_update().order_by("pk").get(user=user, key=key)
    if kept.digest != digest:
        raise KeyReused
    return kept
