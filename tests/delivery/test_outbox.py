"""What is queued in a transaction is done after it, at least once, by one relay at a time, or given up visibly."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from whitelist.delivery import services, tasks
from whitelist.delivery.models import MOST_TRIES, Notification, OutboxEvent, back_off
from whitelist.delivery.services import later


def relay():
    while services.run_next():
        continue


def make_due(*, tries=None):
    """Let the time of the next try come."""
    waiting = OutboxEvent.objects.waiting()
    waiting.update(next_at=timezone.now() - timedelta(seconds=1), **({} if tries is None else {"tries": tries}))


def test_a_job_runs_once_with_its_arguments(db, job):
    seen = []
    later(job(lambda batch: seen.append(batch)), batch=7)
    assert seen == []
    relay()
    relay()
    assert seen == [7]
    assert OutboxEvent.objects.get().done_at


def test_what_is_rolled_back_is_never_run(committed, job):
    seen = []
    name = job(lambda: seen.append("ran"))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        later(name)
        raise ZeroDivisionError
    relay()
    assert seen == []
    with transaction.atomic():
        later(name)
    relay()
    assert seen == ["ran"]


def test_a_worker_is_woken_only_after_commit(committed, monkeypatch):
    woken = []
    monkeypatch.setattr(services, "_wake", lambda: woken.append(OutboxEvent.objects.count()))
    with transaction.atomic():
        later("delivery.forget_old")
        assert woken == []
    assert woken == [1]


def test_the_broker_may_be_away_when_a_worker_is_woken(committed, monkeypatch):
    def away():
        raise ConnectionError("no broker")

    monkeypatch.setattr(services, "_wake", away)
    with transaction.atomic():
        later("delivery.forget_old")
    assert OutboxEvent.objects.waiting().count() == 1


def test_the_same_key_queues_a_job_once(db, job):
    seen = []
    name = job(lambda: seen.append("ran"))
    later(name, key="warn-2022-05-10")
    later(name, key="warn-2022-05-10")
    relay()
    assert seen == ["ran"]


def test_a_failing_job_is_tried_again_later_and_later(db, job):
    def fail():
        raise ValueError("no such batch")

    later(job(fail))
    waits = []
    for tried in range(1, MOST_TRIES):
        now = timezone.now()
        assert services.run_next() is True
        event = OutboxEvent.objects.get()
        assert (event.tries, event.dead_at, event.done_at) == (tried, None, None)
        assert "no such batch" in event.error
        assert services.run_next() is False, "not before its time"
        waits.append((event.next_at - now).total_seconds())
        make_due()
    assert waits == pytest.approx([back_off(n) for n in range(1, MOST_TRIES)], abs=2)
    assert waits[:3] == pytest.approx([10, 40, 160], abs=2)


def test_after_the_last_try_it_is_given_up_visibly(db, job, client):
    def fail():
        raise ValueError("for ever")

    later(job(fail))
    make_due(tries=MOST_TRIES - 1)
    relay()
    event = OutboxEvent.objects.get()
    assert event.dead_at and not event.done_at
    assert client.get("/readyz").json()["jobs_dead"] == 1
    make_due()
    assert services.run_next() is False


def test_a_job_that_kills_its_worker_each_time_is_given_up_too(db, job):
    later(job(lambda: None))
    make_due(tries=MOST_TRIES)
    relay()
    assert OutboxEvent.objects.get().dead_at


def test_a_try_is_counted_even_if_the_worker_dies_in_it(db, job):
    def die():
        raise SystemExit

    later(job(die))
    with pytest.raises(SystemExit):
        services.run_next()
    event = OutboxEvent.objects.get()
    assert event.tries == 1 and event.next_at > timezone.now()


def test_a_job_nobody_knows_is_not_lost(db):
    later("nowhere.do_nothing")
    relay()
    event = OutboxEvent.objects.get()
    assert event.error and not event.done_at and not event.dead_at


def test_what_a_failing_job_wrote_is_rolled_back(make, shanghai, job):
    def half():
        services.notify([shanghai], "Half done", key="half")
        raise ValueError

    later(job(half))
    relay()
    assert not Notification.objects.exists()
    assert OutboxEvent.objects.get().error


def test_a_failing_job_does_not_hold_up_the_next(db, job):
    seen = []

    def fail():
        raise ValueError

    later(job(fail))
    later(job(lambda: seen.append("ran")))
    relay()
    assert seen == ["ran"]


def test_two_relays_share_the_work_and_do_nothing_twice(committed, job, together):
    ran, lock = [], threading.Lock()
    both_busy = threading.Barrier(2)

    def work(number):
        if number < 2:
            both_busy.wait(10)
        with lock:
            ran.append(number)

    name = job(work)
    for number in range(20):
        later(name, number=number)
    told = together(relay, relay)
    assert [each.error for each in told] == [None, None]
    assert sorted(ran) == list(range(20))
    assert not OutboxEvent.objects.waiting().exists()


def test_without_the_lock_two_relays_would_run_a_job_twice(committed, job, together):
    """The negative control: the same two threads on a claim that merely looks."""
    ran, both_looked = [], threading.Barrier(2)
    later(job(lambda: None))

    def careless():
        event = OutboxEvent.objects.ready(timezone.now()).first()
        both_looked.wait(10)
        ran.append(event.pk)
        OutboxEvent.objects.filter(pk=event.pk).update(done_at=timezone.now())

    together(careless, careless)
    assert len(ran) == 2


def test_a_job_that_takes_longer_than_its_back_off_is_not_taken_by_another(committed, job, together):
    ran, started, looked = [], threading.Event(), threading.Event()

    def slow():
        ran.append("slow")
        started.set()
        looked.wait(10)

    later(job(slow))

    def impatient():
        started.wait(10)
        make_due()
        found = services.run_next()
        looked.set()
        return found

    told = together(relay, impatient)
    assert told[1].value is False
    assert ran == ["slow"]
    assert OutboxEvent.objects.get().done_at


def test_the_relay_stops_after_a_while_and_leaves_the_rest_to_the_next(db, job, monkeypatch):
    seen = []
    name = job(lambda: seen.append("ran"))
    later(name)
    later(name)
    monkeypatch.setattr(tasks, "RELAY_SECONDS", 0)
    tasks.relay()
    assert seen == []
    monkeypatch.undo()
    tasks.relay()
    assert seen == ["ran", "ran"]


def test_finished_jobs_are_forgotten_after_a_month_and_dead_ones_kept(db):
    long_ago = timezone.now() - timedelta(days=31)
    OutboxEvent.objects.create(name="a", key="done", done_at=long_ago)
    OutboxEvent.objects.create(name="a", key="dead", dead_at=long_ago)
    OutboxEvent.objects.create(name="a", key="new", done_at=timezone.now())
    services.forget_old()
    assert set(OutboxEvent.objects.values_list("key", flat=True)) == {"dead", "new"}
