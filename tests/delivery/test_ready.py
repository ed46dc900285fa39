from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from whitelist.core.cache import ForgivingCache
from whitelist.delivery import pages
from whitelist.delivery.models import OutboxEvent


def test_readiness_tells_dead_jobs_and_how_long_the_oldest_is_due(db, client):
    now = timezone.now()
    OutboxEvent.objects.create(name="a", key="old", next_at=now - timedelta(minutes=5))
    OutboxEvent.objects.create(name="a", key="later", next_at=now + timedelta(hours=1))
    OutboxEvent.objects.create(name="a", key="dead", dead_at=now)
    told = client.get("/readyz").json()
    assert (told["database"], told["broker"]) == ("ok", "ok")
    assert (told["jobs_dead"], told["jobs_waiting"]) == (1, 2)
    assert 300 <= told["oldest_job_due_seconds"] < 330


def test_a_lost_broker_is_said_and_not_held_against_the_process(db, client, monkeypatch):
    monkeypatch.setattr(pages, "cache", ForgivingCache("redis://127.0.0.1:1/0", {}))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] == "lost"


def test_a_lost_database_is_503(db, client, monkeypatch):
    def away(*args, **kwargs):
        raise DatabaseError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "lost"


def test_health_asks_not_even_the_database(client):
    """Without the fixture `db` any query, and any transaction opened for the request, fails this test."""
    assert client.get("/healthz").json() == {"status": "ok"}
