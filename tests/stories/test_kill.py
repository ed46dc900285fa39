"""A worker killed in the middle of its work leaves nothing half done, and the work is completed after."""

import os
import signal
import time
from contextlib import contextmanager

import psycopg
import pytest

from tests.stories.api_story import code, workbook
from tests.stories.stack import Caller

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def database(stack):
    url = stack.manage("shell", "-v", "0", "-c", "import os; print(os.environ['DATABASE_URL'])")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def held_up(stack, database, table):
    """Nobody may write the table until the block ends, so a worker that writes it stands still in its transaction."""
    with psycopg.connect(database.info.dsn, autocommit=False) as blocker:
        blocker.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        yield
        blocker.rollback()


def wait_for(condition, within=60):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.2)


def kill_worker_waiting_for(stack, database, table):
    """Wait until a worker hangs on the table, then kill -9 every worker process of this stack."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
    wait_for(lambda: database.execute(waiting, [table]).fetchone()[0])
    victims = stack.children(["celery", "worker"])
    assert victims
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    wait_for(lambda: set(stack.children(["celery", "worker"])) - set(victims))


def value(database, query):
    return database.execute(query).fetchone()


def test_a_daily_run_killed_midway(stack, database):
    ministry = Caller(stack.url, stack.token("ministry-editor"))
    day = ministry.get("warning-runs/")["results"][0]["day"]
    wait_for(
        lambda: (
            value(database, "SELECT count(*) FROM delivery_outboxevent WHERE done_at IS NULL AND dead_at IS NULL")[0]
            == 0
        )
    )
    database.execute("UPDATE enterprises_stockreading SET on_hand = on_hand + 1 WHERE day = %s", [day])
    generation = f"SELECT generation FROM alerts_warningrun WHERE day = '{day}'"
    shown = f"SELECT ({generation}), md5(string_agg(a::text, '|' ORDER BY id)) FROM alerts_assessment a"
    before = value(database, shown)
    with held_up(stack, database, "alerts_assessment"):
        ministry("POST", "warning-runs/", {"day": day}, expect=202)
        kill_worker_waiting_for(stack, database, "alerts_assessment")
        assert value(database, shown) == before, "nothing of the run may be seen"
    done = ministry.until(f"warning-runs/{day}/", lambda run: run["generation"] > before[0], within=150)
    kept = value(database, f"SELECT count(*) FROM alerts_assessment WHERE day = '{day}'")[0]
    assert kept == sum(number for level, number in done["counts"].items() if level != "normal")
    assert value(database, generation)[0] == before[0] + 1


def test_an_import_killed_midway(stack, database):
    editor = Caller(stack.url, stack.token("shanghai-editor"))
    rows = [
        (code(n), f"浦东中断零件{n}（虚构）", "上海市", "浦东新区", "3670", "automobiles", "strategic", "100")
        for n in range(600, 900)
    ]
    _status, made, _headers = editor.upload("imports/", "firms.xlsx", workbook(rows), kind="enterprises", expect=202)
    address = f"imports/{made['id']}/"
    editor.until(address, lambda body: body["state"] == "preview")
    count = "SELECT count(*) FROM enterprises_enterprise WHERE name LIKE '浦东中断零件%'"
    with held_up(stack, database, "enterprises_enterprise"):
        editor("POST", f"{address}confirm/", {})
        kill_worker_waiting_for(stack, database, "enterprises_enterprise")
        assert value(database, count) == (0,)
    done = editor.until(address, lambda body: body["state"] == "done", within=150)
    assert done["counts"]["created"] == 300
    assert value(database, count) == (300,)
    entries = "SELECT count(*) FROM audit_auditentry WHERE verb = 'imported' AND after->>'name' LIKE '浦东中断零件%'"
    assert value(database, entries) == (300,), "each change stands in the trail once"
