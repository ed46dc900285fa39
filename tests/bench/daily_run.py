"""`daily-run`: the whole run of a day against one plain statement over the same rows."""

import time

from django.db import connection, transaction

from alerts.models import Assessment
from alerts.warnings import services
from tests.bench.figures import alternately, compare
from whitelist.core.days import ONE, at

BAR = 2.0
RUNS = 9

# Written apart from the product: reads the followed stocks of everybody who owed a report for the day, computes cover
# and level by product section 6, and writes those whose level is another than the day before.
PLAIN = """
WITH followed AS (
    SELECT k.enterprise_id, k.material_id, e.chain
    FROM enterprises_reportdue d
    JOIN enterprises_keymaterial k ON k.enterprise_id = d.enterprise_id AND k.since_on <= d.day
    JOIN enterprises_enterprise e ON e.id = k.enterprise_id
    WHERE d.day = %(day)s
), computed AS (
    SELECT f.enterprise_id, f.material_id, r.red, r.yellow, r.blue, s.day AS read_on, s.stopped_for_want,
           greatest(s.daily_use, s.mean) AS use,
           (s.on_hand + coalesce(a.sum, 0) - (%(day)s::date - s.day) * greatest(s.daily_use, s.mean))
               / nullif(greatest(s.daily_use, s.mean), 0) AS cover
    FROM followed f
    CROSS JOIN LATERAL (
        SELECT red, yellow, blue FROM alerts_warningrule
        WHERE starts_on <= %(day)s AND chain IN (f.chain, '') AND coalesce(material_id, f.material_id) = f.material_id
        ORDER BY material_id IS NULL, chain = '', starts_on DESC LIMIT 1
    ) r
    LEFT JOIN LATERAL (
        SELECT last.*, mean.mean
        FROM (SELECT avg(daily_use) AS mean, max(day) AS day FROM (
                  SELECT day, daily_use FROM enterprises_stockreading t
                  WHERE t.enterprise_id = f.enterprise_id AND t.material_id = f.material_id AND t.day <= %(day)s
                  ORDER BY t.day DESC LIMIT 7) seven) mean
        JOIN enterprises_stockreading last
          ON last.enterprise_id = f.enterprise_id AND last.material_id = f.material_id AND last.day = mean.day
    ) s ON true
    LEFT JOIN LATERAL (
        SELECT sum((each->>'quantity')::numeric) FROM jsonb_array_elements(s.arrivals) each
        WHERE (each->>'on')::date > s.day AND (each->>'on')::date <= %(day)s
    ) a ON true
), levelled AS (
    SELECT enterprise_id, material_id, cover,
           CASE WHEN read_on IS NULL OR %(day)s::date - read_on > 7 THEN 'grey' WHEN stopped_for_want THEN 'red'
                WHEN cover IS NULL THEN 'normal' WHEN greatest(cover, 0) < red THEN 'red'
                WHEN greatest(cover, 0) < yellow THEN 'yellow' WHEN greatest(cover, 0) < blue THEN 'blue'
                ELSE 'normal' END AS level
    FROM computed
)
INSERT INTO bench_level (enterprise_id, material_id, level, cover)
SELECT l.enterprise_id, l.material_id, l.level, l.cover FROM levelled l
LEFT JOIN alerts_assessment y
  ON y.day = %(day)s::date - 1 AND y.enterprise_id = l.enterprise_id AND y.material_id = l.material_id
WHERE l.level <> coalesce(y.raw_level, 'normal')
"""
TABLE = "CREATE TABLE IF NOT EXISTS bench_level (enterprise_id bigint, material_id bigint, level text, cover numeric)"


def measure(data, say):
    """The product's run of the last day, and the statement; each undone after it is timed."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    day = data.until

    def product():
        return undone(lambda: services.run(day, now=at(day + ONE, services.RUN_AT)))

    def plain():
        return undone(lambda: execute(PLAIN, {"day": day}))

    check_agreement(day)
    ran, stated = alternately(product, plain, runs=RUNS)
    yield compare("daily-run", ran, stated, bar=BAR)


def undone(work):
    """The seconds of the work with all checks that a commit would make; what it wrote is rolled back."""
    with transaction.atomic():
        start = time.perf_counter()
        work()
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        spent = time.perf_counter() - start
        transaction.set_rollback(True)
    return spent


def execute(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def check_agreement(day):
    """Both must find the same levels, or the comparison is of two different things."""
    with transaction.atomic():
        before = {(a.enterprise_id, a.material_id): a.raw_level for a in Assessment.objects.on(day - ONE)}
        services.run(day, now=at(day + ONE, services.RUN_AT))
        levels = {(a.enterprise_id, a.material_id): a.raw_level for a in Assessment.objects.on(day)}
        with connection.cursor() as cursor:
            cursor.execute(PLAIN, {"day": day})
            cursor.execute("SELECT enterprise_id, material_id, level FROM bench_level")
            plain = {(enterprise, material): level for enterprise, material, level in cursor.fetchall()}
        transaction.set_rollback(True)
    for pair, level in plain.items():
        if level != "normal" and levels.get(pair) != level:
            raise AssertionError(f"{pair}: the run says {levels.get(pair)}, the statement {level}")
    if not plain or not levels or plain.keys() - levels.keys() - before.keys():
        raise AssertionError("the statement and the run do not judge the same pairs")
