"""Limits of the API by the minute: counted at the broker, so that callers at the same moment cannot share a number."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.test import Client

from whitelist.core import throttling
from whitelist.core.cache import ForgivingCache

PLACE = "/api/v1/divisions/?limit=1"


@pytest.fixture
def limited(monkeypatch, settings):
    """The API as it is deployed, with small limits and a minute that does not end while a test looks."""
    monkeypatch.setattr("whitelist.core.api.Endpoint.throttle_classes", [throttling.ApiThrottle])
    monkeypatch.setattr(throttling.time, "time", lambda: 60 * 29_000_000 + 15.0)
    settings.API_REQUESTS_PER_MINUTE, settings.API_REQUESTS_PER_MINUTE_UNKNOWN = 3, 2
    cache.clear()


def test_beyond_the_limit_a_user_is_told_when_to_come_back(api, shanghai, jilin, limited):
    client = api(shanghai)
    assert [client.get(PLACE).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(PLACE)
    assert refused["Retry-After"] == "45" and refused["Content-Type"] == "application/problem+json"
    assert api(jilin).get(PLACE).status_code == 200, "each user has a limit of its own"


def test_unknown_callers_have_a_lower_one_by_address(db, limited):
    assert [Client().get(PLACE).status_code for _ in range(3)] == [401, 401, 429]
    assert Client().get(PLACE, REMOTE_ADDR="192.0.2.7").status_code == 401


def test_a_claimed_address_does_not_move_it(db, limited):
    told = [Client(headers={"x-forwarded-for": f"192.0.2.{n}"}).get(PLACE).status_code for n in range(3)]
    assert told == [401, 401, 429]


def test_the_minute_ends(api, shanghai, limited, monkeypatch):
    client = api(shanghai)
    assert [client.get(PLACE).status_code for _ in range(4)][-1] == 429
    monkeypatch.setattr(throttling.time, "time", lambda: 60 * 29_000_001 + 0.5)
    assert client.get(PLACE).status_code == 200


def test_callers_at_the_same_moment_get_different_numbers(db):
    cache.delete("at-once")
    with ThreadPoolExecutor(16) as threads:
        numbers = list(threads.map(lambda _: cache.counted("at-once", 30), range(400)))
    assert sorted(numbers) == list(range(1, 401))


def test_a_lost_cache_refuses_nobody():
    assert ForgivingCache("redis://127.0.0.1:1/0", {}).counted("a", 30) == 0
