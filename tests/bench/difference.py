"""`difference`: what changed between two days of a list of 20,800, against one plain statement over the same rows.

The list comes about by sixty batches, one a day, that add, remove and amend; the days lie a week apart. `difference` is
the whole of it, every row with its enterprise and batches, as the API and the workbook take it; `difference-page` is
the page that shows it, fifty rows of each kind, against the same statement.
"""

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from enterprises.models import Batch, Enterprise, Listing, WhiteList
from enterprises.whitelists import services
from tests.bench.figures import alternately, compare
from tests.bench.lists import asking, client_of
from whitelist.accounts.models import User
from whitelist.core.days import ONE

BAR = 2.0
RUNS = 15
BATCHES, LEAVE, AMENDED = 60, 20, 60
LENGTH = 20_800  # the provinces' lists in June 2022
ADDED, REST = divmod(LENGTH + LEAVE * (BATCHES - 1), BATCHES)
APART = 7 * ONE

PLAIN = """
WITH a AS (SELECT * FROM enterprises_listing WHERE white_list_id = %(list)s AND days @> %(first)s::date),
     b AS (SELECT * FROM enterprises_listing WHERE white_list_id = %(list)s AND days @> %(second)s::date)
SELECT CASE WHEN a.id IS NULL THEN 'added' WHEN b.id IS NULL THEN 'removed' ELSE 'amended' END,
       e.*, a.*, b.*, came.number, came.title, went.number, went.title
FROM a FULL JOIN b USING (enterprise_id)
JOIN enterprises_enterprise e ON e.id = enterprise_id
JOIN enterprises_batch came ON came.id = coalesce(b.opened_by_id, a.opened_by_id)
LEFT JOIN enterprises_batch went ON went.id = coalesce(b.closed_by_id, a.closed_by_id)
WHERE (a.field, a.chain) IS DISTINCT FROM (b.field, b.chain)
ORDER BY 1, e.name, e.id
"""


def measure(data, say):
    """The list is made, asked and gone again: the other figures do not meet it."""
    with transaction.atomic():
        white_list = long_list(data)
        second = data.until
        first = second - APART
        named = {"list": white_list.pk, "first": first, "second": second}
        client = client_of(data, is_api=False)

        def ours():
            found = services.changes_between(white_list.listings.all(), first, second)
            assert sum(len(list(rows)) for rows in found) == expected

        def plain():
            assert len(rows(named)) == expected

        expected = len(rows(named))
        told = f"{expected:,} of {LENGTH:,} rows: {{:.0f}} ms to {{:.0f}} ms"
        yield compare("difference", *alternately(ours, plain, runs=RUNS), bar=BAR, about=told)
        page = asking(client, f"/lists/{white_list.pk}/diff/?from={first}&to={second}")
        yield compare("difference-page", *alternately(page, plain, runs=RUNS), bar=BAR, about=told)
        transaction.set_rollback(True)


def rows(named):
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, named)
        return cursor.fetchall()


def long_list(data):
    """A list of the ministry with so many on it on the last day, and the batches by which they came and went."""
    opened, user = data.until - BATCHES * ONE, data.user
    other = User.objects.create(username="bench-2", office=user.office, duties=user.duties, password="!")
    white_list = WhiteList.objects.create(
        office=user.office, title="Bench", opened_on=opened, ends_on=data.until + 365 * ONE
    )
    batches = Batch.objects.bulk_create(
        Batch(
            white_list=white_list, title=f"Bench {number}", drafted_by=user, number=number, file_signature="bench",
            effective_on=opened + number * ONE,
        )
        for number in range(1, BATCHES + 1)
    )  # fmt: skip
    for status in ("submitted", "approved", "published"):
        white_list.batches.update(status=status, submitted_by=user, approved_by=other)
    Listing.objects.bulk_create(listings(white_list, batches), batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enterprises_listing, enterprises_batch")
    if white_list.listings.in_force(data.until).count() != LENGTH:
        raise AssertionError("the list is not as long as it should be")
    return white_list


def listings(white_list, batches):
    """Each batch adds so many, lets the oldest leave, and amends some of the others."""
    fresh = iter(Enterprise.objects.order_by("pk").values_list("pk", flat=True)[: ADDED * BATCHES + REST])
    standing, made = [], []

    def come(firm, batch, chain):
        days = DateRange(batch.effective_on, None)
        row = Listing(white_list=white_list, enterprise_id=firm, days=days, field="", chain=chain, opened_by=batch)
        made.append(row)
        return row

    for batch in batches:
        leaving, standing = standing[:LEAVE], standing[LEAVE:]
        amended = standing[:: max(1, len(standing) // AMENDED)][:AMENDED]
        for row in [*leaving, *amended]:
            row.days, row.closed_by = DateRange(row.days.lower, batch.effective_on), batch
        again = [come(row.enterprise_id, batch, f"chain-{batch.number}") for row in amended]
        gone = {id(row) for row in amended}
        number = ADDED + (REST if batch is batches[0] else 0)
        standing = [row for row in standing if id(row) not in gone] + again
        standing += [come(next(fresh), batch, "automobiles") for _ in range(number)]
    return made
