from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Max

from alerts.board.demonstration.firms import unit_of
from alerts.board.demonstration.loading import load_demo
from alerts.board.demonstration.people import PASSWORD, PEOPLE
from alerts.models import Assessment, Warning, WarningRun
from enterprises.models import (
    Batch,
    Chain,
    ClosingReport,
    DailyReport,
    Enterprise,
    KeyMaterial,
    Listing,
    ReportDue,
    SupplyLink,
    WhiteList,
)
from enterprises.resumption import metrics
from enterprises.resumption.services import prefill
from enterprises.whitelists.words import RejectReason
from whitelist.accounts.backend import PasswordBackend
from whitelist.accounts.models import Division, User
from whitelist.audit import words
from whitelist.audit.models import AuditEntry
from whitelist.core import seal
from whitelist.core.days import SHANGHAI

NOW = datetime(2022, 5, 10, 14, 0, tzinfo=SHANGHAI)
LAST = date(2022, 5, 9)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for this module and undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    """The loaded demonstration; what a test changes is undone after it."""


def test_the_demonstration_covers_the_country_and_all_chains(demo):
    assert 590 <= Enterprise.objects.count() <= 610
    assert set(map(unit_of, Enterprise.objects.values_list("division_id", flat=True))) == set(
        Division.objects.reporting_units().values_list("pk", flat=True)
    )
    assert set(Enterprise.objects.values_list("chain", flat=True)) == set(Chain.values)
    assert not Enterprise.objects.exclude(name__endswith="（虚构）").exists()
    across = [
        link for link in SupplyLink.objects.for_table() if link.supplier.division_id[:2] != link.buyer.division_id[:2]
    ]
    assert len(across) > SupplyLink.objects.count() / 3


def test_the_demonstrations_lists_have_batches_in_every_state(demo):
    assert set(WhiteList.objects.values_list("office__division_id", flat=True)) == {
        "000000",
        "310000",
        "220000",
        "320000",
    }
    states = {
        (b.white_list.office.division_id[:2], b.status) for b in Batch.objects.select_related("white_list__office")
    }
    assert states >= {
        ("31", "published"),
        ("31", "submitted"),
        ("31", "draft"),
        ("22", "approved"),
        ("32", "returned"),
        ("00", "draft"),
    }
    published = Batch.objects.published().values("white_list").annotate(n=Count("pk"))
    assert all(row["n"] >= 2 for row in published) and len(published) == 5
    for batch in Batch.objects.published():
        assert seal.is_genuine(batch.file.encode(), batch.file_signature)
        assert batch.opened_listings.count() > 0
    assert Listing.objects.exclude(closed_by=None).exists()


def test_the_demonstrations_days_end_yesterday_and_every_day_is_run(demo):
    assert DailyReport.objects.aggregate(last=Max("day"))["last"] == LAST
    assert WarningRun.objects.filter(state="done").count() == 14
    assert set(ReportDue.objects.values_list("day", flat=True)) == {LAST - timedelta(days=n) for n in range(14)}
    assert not DailyReport.objects.filter(filed_at__gt=NOW).exists()
    assert not AuditEntry.objects.filter(at__gt=NOW).exists()


def test_the_crisis_is_believable(demo):
    def resumed(prefix, day):
        return metrics.total(ReportDue.objects.on(day).filter(enterprise__division__code__startswith=prefix)).rate(
            "resumed"
        )

    first = LAST - timedelta(days=13)
    assert resumed("31", first) < 25 and 45 < resumed("31", LAST) < 75
    assert resumed("31", LAST) < resumed("22", LAST) and resumed("22", first) < 65
    assert resumed("33", LAST) > 80
    tibet = metrics.total(ReportDue.objects.on(LAST).filter(enterprise__division__code__startswith="54"))
    assert tibet.reported_share < 50
    coverage = metrics.total(ReportDue.objects.on(LAST)).coverage
    assert all(coverage[answer] for answer in ("on_time", "late", "empty", "none"))
    assert set(DailyReport.objects.filter(day=LAST).values_list("state", flat=True)) == {
        "normal", "partial", "stopped", "planned_stop"
    }  # fmt: skip
    for report in DailyReport.objects.exclude(state="planned_stop").exclude(output=None).select_related("enterprise"):
        assert (report.output == 0) == (report.state == "stopped"), report.pk
        assert report.staff_on_duty <= report.staff_due


def test_warnings_of_the_last_day_are_of_all_colours_and_cars_are_worst(demo):
    levels = dict(Assessment.objects.on(LAST).values_list("level").annotate(n=Count("pk")))
    assert all(levels.get(level) for level in ("red", "yellow", "blue", "grey")), levels
    reds = dict(
        Assessment.objects.on(LAST).filter(level="red").values_list("enterprise__chain").annotate(n=Count("pk"))
    )
    assert max(reds, key=reds.get) == "automobiles" and len(reds) >= 4
    assert Warning.objects.red_now().filter(opened_on__lt=LAST, acknowledged_at__isnull=False).exists()
    assert Warning.objects.red_now().filter(changed_on=LAST).count() >= 3


def test_everybody_signs_in_with_the_one_password_but_the_system(demo):
    for person in PEOPLE:
        user = PasswordBackend().authenticate(None, person.username, PASSWORD)
        assert (user is None) == (person.username == "system-1"), person.username
    system = User.objects.get(username="system-1")
    assert system.is_system and system.responsible.username == "shanghai-editor"


def test_duties_are_those_of_the_names(demo):
    duties = {user.username: set(user.duties) for user in User.objects.all()}
    for place in ("ministry", "shanghai", "jiangsu", "jilin"):
        assert duties[f"{place}-editor"] == {"view", "edit", "coordinate"}
        assert duties[f"{place}-approver"] == {"view", "approve", "admin"}
    assert duties["ministry-view"] == {"view"}
    assert User.objects.for_request().get(username="changchun-editor").prefix == "2201"


def test_the_clerk_of_enterprise_a_finds_yesterday_unfiled_and_prefilled(demo):
    clerk = User.objects.for_request().get(username="enterprise-a")
    own = clerk.clerk.enterprise
    assert own.division_id.startswith("31") and Listing.objects.in_force(LAST).filter(enterprise=own).exists()
    assert not DailyReport.objects.filter(enterprise=own, day=LAST).exists()
    assert ReportDue.objects.on(LAST).filter(enterprise=own, report=None).exists()
    before = prefill(own, LAST)
    assert before.day == LAST - timedelta(days=1) and before.filed_by == clerk
    assert before.stock.count() == KeyMaterial.objects.filter(enterprise=own).count() == 3
    assert all(line.daily_use <= 100 for line in before.stock.all())
    assert Warning.objects.red_now().filter(enterprise=own, changed_on=LAST).count() == 1


def test_enterprise_b_of_shanghai_has_reported(demo):
    other = User.objects.for_request().get(username="enterprise-b").clerk.enterprise
    assert other.division_id.startswith("31")
    assert DailyReport.objects.filter(enterprise=other, day=LAST).exists()


def test_shanghais_approver_may_decide_what_waits_there(demo):
    waiting = Batch.objects.get(status="submitted", white_list__office__division="310000")
    approver = User.objects.for_request().get(username="shanghai-approver")
    assert approver.pk not in waiting.author_ids and waiting.lines.count() >= 5
    assert waiting.lines.in_conflict().exclude(conflict_id=None).exists()


def test_a_forgotten_batch_has_climbed_to_the_ministry_and_an_ended_list_has_its_report(demo):
    ministry = User.objects.for_request().get(username="ministry-editor")
    climbed = Batch.objects.climbed_to(ministry, NOW).get()
    assert climbed.white_list.office.division_id == "320000" and climbed.lines.count() > 0
    body = ClosingReport.objects.get().body
    assert body["total"]["enterprises"] > body["total"]["at_end"] > 0 and body["resumption"]
    assert not Listing.objects.in_force(LAST).filter(white_list=body["white_list"]["id"]).exists()


def test_the_names_are_printed_with_the_password(demo, capsys):
    call_command("demo_users")
    said = capsys.readouterr().out
    assert PASSWORD in said and all(person.username in said for person in PEOPLE)


def test_every_entry_of_the_demonstrations_trail_names_its_object(demo):
    assert AuditEntry.objects.exists()
    assert not AuditEntry.objects.filter(label="").exists()
    filed = AuditEntry.objects.filter(verb="filed").first()
    report = DailyReport.objects.get(pk=filed.subject_id)
    assert filed.label == str(report)


def test_every_value_of_the_demonstrations_trail_has_a_word(demo):
    told = {
        (subject, name)
        for subject, before, after in AuditEntry.objects.values_list("subject", "before", "after")
        for name in {**before, **after}
    }
    assert ("enterprises.batch", "count") in told
    assert {each for each in told if words.label_of(words.model_of(each[0]), each[1]) is None} == set()


def test_a_decision_in_the_trail_is_told_in_words(demo):
    entry = AuditEntry.objects.filter(verb="lines decided", after__decision="rejected").first()
    said = {label: after for label, _before, after in entry.told.changes}
    assert said["Decision"] == "rejected" and said["Reason of rejection"] in map(str, RejectReason.labels)
