"""The embedded services on real processes: they start, share, recover, and leave nothing behind."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import redis

from whitelist.embedded.places import CHECKOUT
from whitelist.embedded.postgres import Postgres
from whitelist.embedded.services import kept_secret, services
from whitelist.embedded.valkey import Valkey


@pytest.fixture
def state():
    """A state folder of its own, with a short name: gone afterwards, and so are its sockets."""
    folder = Path(tempfile.mkdtemp(prefix="wl-trial-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(state):
    servers = []

    def another(throw_away=True) -> Postgres:
        servers.append(Postgres(state, throw_away=throw_away))
        servers[-1].start()
        return servers[-1]

    yield another
    for server in servers:
        server.stop()
    shutil.rmtree(servers[0].sockets, ignore_errors=True)


def wait_until(happened, within=10):
    deadline = time.monotonic() + within
    while not happened():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


def postmaster(server: Postgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_data_survives_a_restart(postgres):
    first = postgres()
    with first.connect() as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")
    first.stop()
    assert not first.alive()

    with postgres().connect() as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("still here",)


def test_a_killed_server_is_replaced_with_its_data(postgres):
    server = postgres(throw_away=False)
    with server.connect() as connection:
        connection.execute("CREATE TABLE kept (word text)")
    os.kill(postmaster(server), signal.SIGKILL)
    wait_until(lambda: not server.alive())

    server.start()
    with server.connect() as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_process_id_used_again_by_somebody_else_is_no_server(postgres):
    server = postgres()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert not server.alive()
    assert postgres().alive()


def test_the_last_user_stops_the_server(postgres):
    first, second = postgres(), postgres()
    assert postmaster(first) == postmaster(second)

    first.stop()
    assert second.alive()
    second.stop()
    assert not second.alive()


def test_a_killed_user_no_longer_counts(postgres, state):
    server = postgres()
    code = f"""
from pathlib import Path
from whitelist.embedded.postgres import Postgres
Postgres(Path({str(state)!r}), throw_away=True).start(); print("joined", flush=True); input()
"""
    other = subprocess.Popen(
        [sys.executable, "-c", code], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "joined\n"
    other.kill()
    other.communicate()

    server.stop()
    assert not server.alive()


def test_sockets_are_for_their_owner_alone(postgres):
    folder = postgres().sockets
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(str(folder)) < 60


def test_chinese_text_is_searchable(postgres):
    with postgres().connect() as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        assert connection.execute("SELECT cardinality(show_trgm('上海汽车'))").fetchone() == (5,)


def test_valkey_keeps_what_it_took_over_kill_and_restart(state):
    server = Valkey(state)
    server.start()
    try:
        with redis.Redis.from_url(server.url()) as client:
            client.lpush("tasks", "announce")
            killed = client.info("server")["process_id"]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: not server.alive())

        server.start()
        with redis.Redis.from_url(server.url()) as client:
            assert client.lrange("tasks", 0, -1) == [b"announce"]
    finally:
        server.stop()
        shutil.rmtree(server.socket.parent, ignore_errors=True)
    assert not server.alive()


def test_secrets_are_made_once_and_private(tmp_path):
    path = tmp_path / "secret_key"
    first = kept_secret(path)
    assert kept_secret(path) == first != kept_secret(tmp_path / "signing_key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in sorted(tmp_path.iterdir())] == ["secret_key", "signing_key"]


def test_only_what_the_environment_does_not_name_is_started(state, monkeypatch):
    given = {"DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere/0", "SECRET_KEY": "given"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SIGNING_KEY", raising=False)

    with services(state) as started:
        assert started == []
        assert {name: os.environ[name] for name in given} == given
        assert os.environ["SIGNING_KEY"]
    assert "SIGNING_KEY" not in os.environ


def test_the_whole_environment_comes_and_goes(state, monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)

    with services(state, database="trial", test=True) as (postgres, _):
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("trial",)
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            assert client.ping()
    assert "DATABASE_URL" not in os.environ and "REDIS_URL" not in os.environ
    assert not postgres.alive()
    shutil.rmtree(postgres.sockets, ignore_errors=True)
