"""The cache may be lost at any second; whoever asks it then is served as if nothing had been kept."""

import socket
import time

import pytest
from django.core.cache import cache

from whitelist.core.cache import ForgivingCache


@pytest.fixture
def lost():
    return ForgivingCache("redis://127.0.0.1:1/0", {})


def test_while_it_is_there_it_keeps(db):
    cache.set("a", 1, 10)
    assert (cache.get("a"), cache.incr("a"), cache.add("a", 5)) == (1, 2, False)
    assert cache.get_many(["a", "b"]) == {"a": 2}
    assert cache.delete("a") is True


def test_when_it_is_away_nothing_is_kept_and_nothing_breaks(lost):
    lost.set("a", 1, 10)
    assert lost.get("a") is None
    assert lost.get("a", "default") == "default"
    assert lost.get_many(["a", "b"]) == {}
    assert lost.add("a", 1) is True
    assert lost.incr("a") == 1
    assert lost.delete("a") is False
    assert lost.touch("a", 5) is False


def test_what_must_be_computed_is_computed_when_it_is_away(lost):
    assert lost.get_or_set("a", lambda: 42, 10) == 42


@pytest.mark.parametrize("call", ["set_many", "delete_many", "has_key", "clear", "decr"])
def test_no_other_way_into_it_breaks_either(lost, call):
    arguments = {"set_many": ({"a": 1},), "delete_many": (["a"],), "clear": ()}.get(call, ("a",))
    getattr(lost, call)(*arguments)


def test_one_that_takes_the_call_and_never_answers_is_left_soon():
    with socket.create_server(("127.0.0.1", 0)) as server:
        params = {"OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}}
        mute = ForgivingCache(f"redis://127.0.0.1:{server.getsockname()[1]}/0", params)
        start = time.monotonic()
        assert mute.get("a", "default") == "default"
        assert time.monotonic() - start < 5
