"""`list:…`: every list page and API list against a bare list of as many rows of one table; `queries`, `explain` beside.

A list that is new stands in LISTS, or a test of this package fails.
"""

import json
from typing import NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from alerts.models import Assessment, WarningRule, WarningRun
from enterprises.models import (
    AdjustmentProposal,
    Batch,
    DailyReport,
    Enterprise,
    ListClosing,
    Listing,
    Material,
    Nomination,
    Recognition,
    ReportDue,
    StockReading,
    SupplyLink,
    WhiteList,
)
from enterprises.recognition.question import counting_in
from enterprises.resumption.models import Reminder
from tests.bench.bare import offer
from tests.bench.figures import Figure, alternately, compare, p95
from whitelist.accounts.models import Division, Office, User
from whitelist.audit.models import AuditEntry
from whitelist.core.days import today
from whitelist.delivery.models import Notification
from whitelist.sheets.models import SheetImport

BAR = 3.0
MOST_QUERIES = 8
RUNS = 100  # of fewer the 95th percentile is mostly chance
BIG = 100_000  # rows from which on a table is not read from end to end
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Listed(NamedTuple):
    """A list: the rows behind it as a bare query, and its address with what it needs."""

    rows: object
    place: object = None
    query: object = None

    def address(self, name, data):
        here = reverse(name, args=self.place(data) if self.place else [])
        return here + (self.query(data) if self.query else "")


def counting(data):
    """The listings that count in one province, as bare rows of their table."""
    found = counting_in(data.recogniser, today()).values_list("pk", flat=True)
    return Listing.objects.filter(pk__in=list(found))


LISTS = {
    "enterprise-list": Listed(lambda d: Enterprise.objects.all()),
    "api-enterprise-list": Listed(lambda d: Enterprise.objects.all()),
    "material-list": Listed(lambda d: Material.objects.all()),
    "api-material-list": Listed(lambda d: Material.objects.all()),
    "supply-link-list": Listed(lambda d: SupplyLink.objects.all()),
    "api-supply-link-list": Listed(lambda d: SupplyLink.objects.all()),
    "white-list-list": Listed(lambda d: WhiteList.objects.all()),
    "api-white-list-list": Listed(lambda d: WhiteList.objects.all()),
    "white-list-detail": Listed(lambda d: d.white_list.listings.all(), lambda d: [d.white_list.pk]),
    "nomination-list": Listed(lambda d: Nomination.objects.all()),
    "api-nomination-list": Listed(lambda d: Nomination.objects.all()),
    "adjustment-list": Listed(lambda d: AdjustmentProposal.objects.all()),
    "api-adjustment-list": Listed(lambda d: AdjustmentProposal.objects.all()),
    "api-closing-list": Listed(lambda d: ListClosing.objects.all()),
    "api-white-list-listings": Listed(lambda d: d.white_list.listings.all(), lambda d: [d.white_list.pk]),
    "recognition-list": Listed(lambda d: Recognition.objects.all()),
    "api-recognition-list": Listed(lambda d: Recognition.objects.all()),
    "recognised-list": Listed(counting, None, lambda d: f"?division={d.recogniser}"),
    "api-recognised-list": Listed(counting, None, lambda d: f"?division={d.recogniser}"),
    "batch-list": Listed(lambda d: Batch.objects.all()),
    "api-batch-list": Listed(lambda d: Batch.objects.all()),
    "batch-detail": Listed(lambda d: d.batch.lines.all(), lambda d: [d.batch.pk]),
    "api-batch-lines": Listed(lambda d: d.batch.lines.all(), lambda d: [d.batch.pk]),
    "report-list": Listed(lambda d: ReportDue.objects.on(d.until), None, lambda d: f"?day={d.until}"),
    "api-report-due-list": Listed(lambda d: ReportDue.objects.on(d.until), None, lambda d: f"?day={d.until}"),
    "api-daily-report-list": Listed(lambda d: DailyReport.objects.all()),
    "api-stock-list": Listed(lambda d: StockReading.objects.all()),
    "api-reminder-list": Listed(lambda d: Reminder.objects.all()),
    "warning-list": Listed(lambda d: Assessment.objects.on(d.judged).warned()),
    "api-warning-list": Listed(lambda d: Assessment.objects.on(d.judged).warned()),
    "rule-list": Listed(lambda d: WarningRule.objects.all()),
    "api-warning-rule-list": Listed(lambda d: WarningRule.objects.all()),
    "api-warning-run-list": Listed(lambda d: WarningRun.objects.all()),
    "import-list": Listed(lambda d: SheetImport.objects.all()),
    "api-import-list": Listed(lambda d: SheetImport.objects.all()),
    "api-import-rows": Listed(lambda d: d.sheet_import.lines.all(), lambda d: [d.sheet_import.pk]),
    "user-list": Listed(lambda d: User.objects.all()),
    "api-division-list": Listed(lambda d: Division.objects.all()),
    "api-office-list": Listed(lambda d: Office.objects.all()),
    "audit-list": Listed(lambda d: AuditEntry.objects.all()),
    "api-audit-list": Listed(lambda d: AuditEntry.objects.all()),
    "notice-list": Listed(lambda d: Notification.objects.filter(user=d.user)),
    "api-notification-list": Listed(lambda d: Notification.objects.filter(user=d.user)),
}


def chosen(only):
    """The lists of a run: all, or the one named."""
    return [name for name in LISTS if not only or only in ("lists", f"list:{name}")]


def measure(data, say, only=""):
    figures = []
    for name in chosen(only):
        listed = LISTS[name]
        client = client_of(data, is_api=name.startswith("api-"))
        address, bare = listed.address(name, data), offer(name, listed.rows(data))
        ours, theirs = alternately(asking(client, address), asking(client, bare), runs=RUNS, warm=3)
        figures.append(compare(f"list:{name}", ours, theirs, bar=BAR, by=p95))
        yield figures[-1]
    worst = max(figures, key=lambda figure: figure.ratio)
    yield Figure("lists", worst.ratio, BAR, f"the worst is {worst.name.removeprefix('list:')}")


def client_of(data, *, is_api):
    """A caller with a token, or a browser that has signed in."""
    if is_api:
        return Client(headers={"authorization": f"Bearer {data.token}"})
    client = Client()
    client.force_login(data.user, backend="whitelist.accounts.backend.PasswordBackend")
    return client


def asking(client, address):
    def ask():
        answer = client.get(address)
        if answer.status_code != 200:
            raise AssertionError(f"{address} answers {answer.status_code}: {answer.content[:300]!r}")

    return ask


def statements(client, address):
    """The statements of one request, without those that only begin and end transactions."""
    asking(client, address)()
    with CaptureQueriesContext(connection) as captured:
        asking(client, address)()
    return [each["sql"] for each in captured if not each["sql"].startswith(NOT_COUNTED)]


def measure_queries(data, say):
    """`queries`: the most statements that any list needs, and no more of them for 40 rows than for 2."""
    most, where, growing = 0, "", []
    for name, listed in LISTS.items():
        client = client_of(data, is_api=name.startswith("api-"))
        address = listed.address(name, data)
        counts = [len(statements(client, address)), *(at_rows(client, name, address, rows) for rows in (2, 40))]
        if max(counts) - min(counts) > 1:  # one more may be fetching what two rows happen not to have
            growing.append(f"{name} needs {counts[1]} for 2 rows and {counts[2]} for 40")
        if max(counts) > most:
            most, where = max(counts), name
    told = "; ".join([f"{most} at {where}, of {MOST_QUERIES} allowed", *growing])
    yield Figure("queries", max(most, (MOST_QUERIES + 1) * bool(growing)) / MOST_QUERIES, 1.0, told)


def at_rows(client, name, address, rows):
    """How many statements the list needs with so many rows on its page."""
    if name.startswith("api-"):
        return len(statements(client, f"{address}{'&' if '?' in address else '?'}limit={rows}"))
    view = resolve(address.partition("?")[0]).func.view_class
    usual = getattr(view, "paginate_by", None)
    view.paginate_by = rows
    try:
        return len(statements(client, address))
    finally:
        view.paginate_by = usual


def measure_explain(data, say):
    """`explain`: how often a list reads a table of more than 100,000 rows from end to end; none may."""
    big = big_tables()
    found = []
    for name, listed in LISTS.items():
        client = client_of(data, is_api=name.startswith("api-"))
        for statement in statements(client, listed.address(name, data)):
            if statement.startswith(("SELECT", "WITH")):
                scanned = set(scans(plan_of(statement))) & big
                found += [f"{name} reads {table}" for table in sorted(scanned)]
    yield Figure("explain", float(len(found)), 0.0, "; ".join(found) or f"none of {', '.join(sorted(big))}")


def big_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [BIG])
        return {name for (name,) in cursor.fetchall()}


def plan_of(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement.replace('%', '%%')}", None)
        (plan,) = cursor.fetchone()
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def scans(plan):
    """The tables that a plan reads sequentially."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for below in plan.get("Plans", ()):
        yield from scans(below)
