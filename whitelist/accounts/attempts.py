"""How often somebody may try to sign in: per account, in the database by django-axes, and per address, in the cache."""

from datetime import timedelta

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.utils import timezone

from whitelist.core.requests import whereabouts
from whitelist.core.throttling import this_minute


def locked_until(username):
    """When the lock of an account ends, None where it is not locked: enough of its failures must be old enough."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    rows = list(AccessAttempt.objects.filter(username=username, attempt_time__gte=since).order_by("attempt_time"))
    left = sum(row.failures_since_start for row in rows)
    until = None
    for row in rows:
        if left < settings.AXES_FAILURE_LIMIT:
            break
        until = row.attempt_time + settings.AXES_COOLOFF_TIME
        left -= row.failures_since_start
    return until


def unlock(username):
    """Forget the failures of an account."""
    reset(username=username)


def crowded_until(request):
    """When the caller's address may try again, None where it may now. A lost cache lets everybody try."""
    number, left = this_minute("sign-ins", whereabouts(request))
    return timezone.now() + timedelta(seconds=left) if number > settings.SIGN_INS_PER_ADDRESS_AND_MINUTE else None
