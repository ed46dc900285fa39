"""Undoing rows that were just stored looks each of them up once: counted in rows that the plan visits, not in time."""

import json

import pytest
from django.db import connection

from tests.sheets.workbooks import firm, imported, table
from whitelist.sheets import kinds

pytestmark = pytest.mark.django_db
ROWS = 5000
MOST_VISITS = 60  # per row of the file: its own lookups, and one in each table that may refer to it


def visited(plan):
    """Rows that a plan and everything below it gives or throws away."""
    thrown = sum(plan.get(name, 0) for name in ("Rows Removed by Join Filter", "Rows Removed by Filter"))
    return (plan["Actual Rows"] + thrown) * plan["Actual Loops"] + sum(map(visited, plan.get("Plans", ())))


def test_what_undoing_would_do_is_found_without_comparing_each_row_with_each(shanghai):
    made = imported(table(*(firm(n) for n in range(1, ROWS + 1))), shanghai)
    kind = kinds.get("enterprises")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30s'")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {kind._fates()}", kind._named(made))
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    assert made.counts["created"] == ROWS
    assert visited(plan[0]["Plan"]) < MOST_VISITS * ROWS
