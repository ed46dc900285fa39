"""Things to be told or done later, and the relay that does them."""

import logging
from datetime import timedelta
from functools import cache

from celery import current_app
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from whitelist.core.compiled import Compiled
from whitelist.delivery.models import MOST_TRIES, KeptAnswer, Notification, OutboxEvent, back_off, bump, new_key

log = logging.getLogger(__name__)

NOBODY = -1  # a place in a compiled query


def later(name, *, key=None, **ids):
    """Queue a job in this transaction; the relay runs it after commit, at least once. Arguments are ids, never rows."""
    event = OutboxEvent(name=name, key=key or new_key(), arguments=ids)
    OutboxEvent.objects.bulk_create([event], ignore_conflicts=True)
    transaction.on_commit(_wake, robust=True)


def _wake():
    """Ask a worker to look at the outbox now. If the broker is away the clock will do it."""
    current_app.send_task("delivery.relay", retry=False)


def run_next():
    """Claim one ready event and run it; return whether there was one.

    The try is counted first, in a transaction of its own; the job then runs while its row is locked, so nobody else
    takes it, and a worker that dies frees the row at once.
    """
    now = timezone.now()
    with transaction.atomic():
        event = OutboxEvent.objects.ready(now).select_for_update(skip_locked=True).first()
        if event is None:
            return False
        if event.tries >= MOST_TRIES:
            OutboxEvent.objects.filter(pk=event.pk).update(dead_at=now, error=event.error or "died in every try")
            log.error("job given up: %s %s", event.name, event.key)
            _instead(event)
            return True
        bump(event.pk, now, event.tries)
    try:
        with transaction.atomic():
            if not _held(event.pk, tries=event.tries + 1):
                return True
            current_app.tasks[event.name].run(**event.arguments)
            OutboxEvent.objects.filter(pk=event.pk).update(done_at=timezone.now(), error="")
    except Exception as fault:
        log.exception("job failed: %s %s", event.name, event.key)
        tries = event.tries + 1
        dead = timezone.now() if tries >= MOST_TRIES else None
        again = timezone.now() + timedelta(seconds=back_off(tries))
        mine = OutboxEvent.objects.waiting().filter(pk=event.pk, tries=tries)
        if mine.update(error=repr(fault)[:2000], dead_at=dead, next_at=again) and dead:
            _instead(event)
    return True


def _instead(event):
    """A job that was given up may name by `otherwise` another one, which tells those who wait for it."""
    name = getattr(current_app.tasks.get(event.name), "otherwise", None)
    if name:
        later(name, key=f"{event.key}-{name}", **event.arguments)


def _held(event_id, *, tries):
    """Lock the event just claimed, unless another relay has claimed it since.

    It waits for the lock: a relay that looked for work at the same moment may hold this row until its look is over.
    """
    mine = OutboxEvent.objects.waiting().filter(pk=event_id, tries=tries)
    return bool(mine.select_for_update().order_by("pk").first())


def notify(users, sentence, *, key, address="", **values):
    """One notice each; the same key never tells the same person twice."""
    Notification.objects.bulk_create(
        [Notification(user=user, sentence=str(sentence), values=values, address=address, key=key) for user in users],
        ignore_conflicts=True,
    )


@cache
def _unread():
    """Every page asks it: compiled once."""
    found = Notification.objects.filter(user=NOBODY).unread().order_by().values("user").annotate(n=Count("pk"))
    return Compiled(found.values_list("n"))


def unread_by(user):
    """How many notices a person has not read."""
    found = _unread().rows(lambda mark: user.pk if mark == NOBODY else mark)
    return found[0][0] if found else 0


def mark_read(notices):
    """Mark those of the notices that are unread; returns how many they were."""
    return notices.order_by().unread().update(read_at=timezone.now())


def outbox_facts():
    """For the readiness page: how many jobs were given up, how many wait, and for how long the oldest has been due."""
    now = timezone.now()
    oldest = OutboxEvent.objects.ready(now).order_by("next_at").values_list("next_at", flat=True).first()
    return {
        "jobs_dead": OutboxEvent.objects.dead().count(),
        "jobs_waiting": OutboxEvent.objects.waiting().count(),
        "oldest_job_due_seconds": int((now - oldest).total_seconds()) if oldest else 0,
    }


def forget_old():
    """Drop kept answers and finished jobs that nobody can ask for any more."""
    now = timezone.now()
    KeptAnswer.objects.filter(created_at__lt=now - KeptAnswer.KEPT_FOR).delete()
    OutboxEvent.objects.filter(done_at__lt=now - timedelta(days=30)).delete()
