"""Who did what: read by offices for their division, added to and never altered."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from whitelist.accounts import services
from whitelist.accounts.models import Duty, User
from whitelist.audit.models import AuditEntry
from whitelist.audit.services import record
from whitelist.core.errors import DomainError


@pytest.fixture
def entry(changchun, jilin):
    return record(changchun, "changed", by=jilin, before={"name": "old"}, after={"name": "new"}, note="by letter")


def rows(client, query=""):
    return list(client.get(f"/audit/?{query}").context["object_list"])


def test_entries_are_seen_in_the_division_and_above(entry, changchun, jilin, shanghai, ministry, page):
    assert rows(page(changchun)) == rows(page(jilin)) == rows(page(ministry)) == [entry]
    assert rows(page(shanghai)) == []


def test_one_sees_what_one_did_wherever_it_was(entry, shanghai, page):
    mine = record(entry.actor, "changed", by=shanghai)
    assert rows(page(shanghai)) == [mine]


@pytest.mark.parametrize("who", ["enterprise", "checkpoint", "verifier"])
def test_the_trail_is_not_for_everybody(make, page, api, who):
    user = {
        "enterprise": make.clerk,
        "checkpoint": lambda: make.user(office=make.office("310000", "checkpoint")),
        "verifier": lambda: make.user(duties=[Duty.VERIFY]),
    }[who]()
    assert page(user).get("/audit/").status_code == 403
    assert api(user).get("/api/v1/audit/").status_code == 403


def test_an_entry_shows_before_and_after(entry, jilin, page):
    text = page(jilin).get("/audit/").content.decode()
    assert "<del>" in text and "old" in text and "new" in text and "by letter" in text and "Changed" in text


def test_from_an_entry_one_comes_to_its_object_and_its_history(entry, jilin, changchun, shanghai, page):
    record(jilin, "changed", by=changchun)
    assert page(jilin).get(f"/audit/{entry.pk}/object/")["Location"] == f"/users/{changchun.pk}/"
    assert rows(page(jilin), f"kind=accounts.user&object={changchun.pk}") == [entry]
    assert page(shanghai).get(f"/audit/{entry.pk}/object/").status_code == 404


def test_an_object_that_left_the_scope_is_not_reached_by_its_entry(entry, changchun, jilin, make, page):
    changchun.office = make.office("310000")
    changchun.save()
    assert page(jilin).get(f"/audit/{entry.pk}/object/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verb=changed", 1),
        ("verb=published", 0),
        ("verb=publish", 0),
        ("person=jil", 1),
        ("person=chang", 0),
        ("kind=accounts.user", 1),
        ("kind=accounts.office", 0),
        ("day=2022-05-10", 1),
        ("day=2022-05-09", 0),
        ("since=2022-05-10&until=2022-05-10", 1),
        ("since=2022-05-11", 0),
        ("until=2022-05-09", 0),
    ],
)
def test_the_trail_is_filtered(jilin, changchun, page, query, found):
    """At 16:00 in London's winter it is already the next day in Shanghai."""
    AuditEntry.objects.create(
        at=datetime.fromisoformat("2022-05-09T16:00:00+00:00"),
        actor=jilin,
        verb="changed",
        subject="accounts.user",
        subject_id=str(changchun.pk),
        place="220100",
    )
    assert len(rows(page(jilin), query)) == found


@pytest.mark.parametrize(
    "query", ["day=yesterday", "verb=flew", "kind=auth.group", "day=0000-00-00", "day=9999-12-31", "day=0001-01-01"]
)
def test_a_filter_that_means_nothing_is_said_and_shows_nothing(entry, jilin, page, api, query):
    assert rows(page(jilin), query) == []
    assert api(jilin).get(f"/api/v1/audit/?{query}").status_code in (200, 400)


def test_the_api_tells_the_same(entry, jilin, shanghai, api):
    told = api(jilin).get("/api/v1/audit/?kind=accounts.user&verb=changed").data
    assert told["count"] == 1
    row = told["results"][0]
    assert (row["actor"], row["verb"], row["before"], row["after"]) == (
        "jilin",
        "changed",
        {"name": "old"},
        {"name": "new"},
    )
    assert row["division"] == "220100" and row["name"] == "changchun"
    assert api(shanghai).get(f"/api/v1/audit/{entry.pk}/").status_code == 404
    assert api(jilin).get(f"/api/v1/audit/{entry.pk}/").status_code == 200
    assert api(jilin).get("/api/v1/audit/?actor=jilin").status_code == 400


def test_the_trail_is_exported_as_shown(entry, jilin, page):
    answer = page(jilin).get("/audit/?verb=changed&export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "Name: old → new" in lines[1]


def test_entries_are_never_changed_nor_deleted(entry):
    for spoil in (lambda: AuditEntry.objects.update(verb="x"), lambda: AuditEntry.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            spoil()


def test_who_stands_in_the_trail_is_never_deleted_nor_numbered_anew(jilin):
    found = User.objects.filter(pk=jilin.pk)
    for spoil in (found.delete, lambda: found.update(id=jilin.pk + 1_000_000)):
        with pytest.raises(DatabaseError, match="Cannot delete or update of"), transaction.atomic():
            spoil()
    assert found.update(name="Renamed") == 1


def test_a_change_that_fails_leaves_no_entry(jilin, changchun):
    with pytest.raises(DomainError), transaction.atomic():
        services.set_password(changchun, by=jilin, password="short")
    assert not AuditEntry.objects.exists()


def test_a_request_s_id_stands_in_its_entries(jilin, changchun, page):
    typed = {"name": "Renamed", "duties": changchun.duties, "is_active": "on"}
    answer = page(jilin).post(f"/users/{changchun.pk}/", typed, headers={"X-Request-ID": "req-12345678"})
    assert answer["X-Request-ID"] == "req-12345678"
    assert AuditEntry.objects.get().request_id == "req-12345678"


def test_entries_of_one_instant_keep_their_order_over_pages(jilin, changchun, api):
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, verb="changed", subject="accounts.user", subject_id=str(n), place="220100")
        for n in range(1200)
    )
    client, address, seen = api(jilin), "/api/v1/audit/?limit=200&kind=accounts.user&until=2999-01-01", []
    AuditEntry.objects.create(at=now + timedelta(days=1), verb="x", subject="x", subject_id="x", place="220100")
    while address:
        told = client.get(address).data
        seen += [row["object"] for row in told["results"] if row["verb"] == "changed"]
        address = told["next"]
    assert len(seen) == len(set(seen)) == 1200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_renders_in_both_languages(entry, jilin, page, language):
    client = page(jilin)
    client.cookies["language"] = language
    for query in ("", "verb=publish", f"kind=accounts.user&object={entry.subject_id}"):
        assert f'<html lang="{language}">' in client.get(f"/audit/?{query}").content.decode()


def test_the_list_asks_as_often_for_40_entries_as_for_2(jilin, make, page):
    counts, client = [], page(jilin)
    for number in (2, 38):
        for _ in range(number):
            other = make.user("220000")
            record(other, "changed", by=other, after={"name": "x"})
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/audit/").status_code == 200
        counts.append(sum(query["sql"].startswith("SELECT") for query in asked))
    assert counts[0] == counts[1] <= 8
