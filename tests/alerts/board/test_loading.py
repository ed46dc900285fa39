import hashlib
import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Max

from alerts.board.demonstration.firms import Places, unit_of, uscc
from alerts.board.demonstration.loading import load_demo
from enterprises.models import Batch, DailyReport, Enterprise, ReportDue, StockReading
from whitelist.accounts.models import User
from whitelist.core import seal
from whitelist.core.codes import read_code
from whitelist.core.days import SHANGHAI
from whitelist.core.errors import Conflict, NotAllowed

NOW = datetime(2022, 5, 10, 14, 0, tzinfo=SHANGHAI)
LAST = date(2022, 5, 9)
# Ids that the database itself gives to rows which follow from others.
NOT_OURS = {
    "enterprises_batchauthor": {"id"},
    "enterprises_listing": {"id"},
    "enterprises_reportdue": {"id"},
    "alerts_warning": {"id"},
    "alerts_warningrun": {"id", "requested_at"},
    "alerts_assessment": {"id", "warning_id"},
}
NOUNS = (
    "enterprise material supplylink whitelist batch batchline batchauthor listing dailyreport stockreading keymaterial"
)
TABLES = tuple(f"enterprises_{noun}" for noun in [*NOUNS.split(), "reportdue"])
RUN = ("alerts_assessment", "alerts_warning", "alerts_warningrun")


def fingerprint(tables):
    """One hash over all rows of the tables, users by name."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            names = [column.name for column in cursor.description]
            kept = [n for n, name in enumerate(names) if name not in NOT_OURS.get(table, set())]
            rows = sorted(json.dumps([row[n] for n in kept], default=str) for row in cursor.fetchall())
            digest.update("\n".join([table, *rows]).encode())
    return digest.hexdigest()


def twice(load, tables):
    """The fingerprints of two loadings, each undone."""
    found = []
    for _ in range(2):
        with transaction.atomic():
            load()
            found.append(fingerprint(tables))
            transaction.set_rollback(True)
    return found


def seed(**options):
    call_command("seed", **{"enterprises": 50, "days": 3, "seed": 1, "until": LAST, **options}, stdout=io.StringIO())


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(db):
    first, second = twice(seed, TABLES)
    assert first == second
    assert first != twice(lambda: seed(seed=2), TABLES)[0]


def test_a_seed_has_enterprises_in_every_reporting_unit_with_valid_codes_on_a_list(db):
    seed(enterprises=60)
    assert Enterprise.objects.count() == 60
    assert set(Places().units) == set(map(unit_of, Enterprise.objects.values_list("division_id", flat=True)))
    for each in Enterprise.objects.all():
        verdict = read_code(each.uscc)
        assert not verdict.fault and not verdict.doubt and each.name.endswith("（虚构）")
        assert each in Enterprise.objects.matching(each.name[:4])
    assert Enterprise.objects.listed_on(LAST).count() == 60
    assert ReportDue.objects.on(LAST).count() == 60
    assert StockReading.objects.count() >= 3 * 13


def test_a_seeds_batches_are_published_by_a_second_person_with_a_genuine_file(db):
    seed()
    for batch in Batch.objects.select_related("approved_by"):
        assert batch.status == "published" and batch.approved_by_id not in batch.author_ids
        assert seal.is_genuine(batch.file.encode(), batch.file_signature)


def test_a_seed_refuses_a_register_that_is_not_empty_and_days_that_are_not_over(make):
    make.enterprise()
    with pytest.raises(CommandError, match="not empty"):
        seed()
    Enterprise.objects.all().delete()
    with pytest.raises(CommandError, match="yesterday"):
        seed(until=date(2100, 1, 1))


def test_invented_codes_pass_both_check_digits():
    assert len({uscc("310115", number) for number in range(1, 2000)}) == 1999
    assert not read_code(uscc("660000", 225_220)).doubt


@pytest.mark.slow
def test_two_loadings_of_the_demonstration_are_the_same(db):
    first, second = twice(lambda: load_demo(now=NOW), (*TABLES, *RUN))
    assert first == second


def test_where_there_is_something_the_demonstration_stays_out(make, capsys):
    make.enterprise()
    call_command("load_demo", if_empty=True)
    assert Enterprise.objects.count() == 1
    with pytest.raises(Conflict):
        load_demo(now=NOW)


def test_outside_demonstration_mode_nothing_is_loaded_or_told(db, settings):
    settings.IS_DEMO = False
    with pytest.raises(NotAllowed):
        load_demo(now=NOW)
    with pytest.raises(CommandError, match="WHITELIST_DEMO"):
        call_command("demo_users")
    assert not User.objects.filter(username="enterprise-a").exists()


@pytest.mark.slow
def test_loading_again_replaces_everything_but_users_and_their_tokens(make):
    load_demo(now=NOW)
    secret = make.token(User.objects.get(username="system-1"))
    load_demo(now=NOW + timedelta(days=1), again=True)
    assert DailyReport.objects.aggregate(last=Max("day"))["last"] == LAST + timedelta(days=1)
    assert User.objects.get(username="system-1").tokens.usable(secret).exists()
