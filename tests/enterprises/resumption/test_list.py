"""The rows behind every rate, and the reminder to the silent."""

import pytest

from enterprises.models import Reminder, ReportDue
from enterprises.resumption.services import freeze_due
from tests.enterprises.resumption.conftest import DAY
from whitelist.core.days import ONE
from whitelist.delivery.models import Notification


@pytest.fixture
def firms(make, clock):
    """Four firms listed in Shanghai: normal, stopped, silent but carried, silent and unknown."""
    firms = [make.enterprise(name=f"企业{n}（虚构）", normal_output=100, output_value=10) for n in range(4)]
    make.batch("published", enterprises=firms, effective_on=DAY - 20 * ONE)
    make.report(firms[0], DAY, state="normal", output=90)
    make.report(firms[1], DAY, state="stopped", output=0, staff_on_duty=0)
    make.report(firms[2], DAY - ONE, state="partial", output=40)
    return firms


def named(response):
    return {row.enterprise.name[:3] for row in response.context["object_list"]}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_yesterday_is_shown_and_frozen_when_it_is_first_opened(page, shanghai, firms, language):
    client = page(shanghai)
    client.cookies["language"] = language
    assert not ReportDue.objects.exists()
    answer = client.get("/reports/")
    assert answer.status_code == 200
    assert named(answer) == {"企业0", "企业1", "企业2", "企业3"}
    assert ReportDue.objects.filter(day=DAY).count() == 4
    text = answer.content.decode()
    assert "hatched" in text or 'class="unknown"' in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("metric=resumed&part=numerator", {"企业0", "企业2"}),
        ("metric=resumed&part=denominator", {"企业0", "企业1", "企业2", "企业3"}),
        ("metric=resumed&part=rest", {"企业1", "企业3"}),
        ("answer=on_time", {"企业0", "企业1"}),
        ("answer=none", {"企业2", "企业3"}),
        ("state=stopped", {"企业1"}),
        ("state=unknown", {"企业3"}),
        ("carried=true", {"企业2"}),
        ("q=企业1", {"企业1"}),
        ("division=310000&chain=automobiles&field=strategic", {"企业0", "企业1", "企业2", "企业3"}),
        ("division=310112", set()),
        ("chain=food", set()),
    ],
)
def test_every_number_opens_exactly_its_rows(page, shanghai, firms, query, expected):
    assert named(page(shanghai).get(f"/reports/?{query}")) == expected


def test_the_figures_are_those_of_the_population_and_link_to_its_rows(page, shanghai, firms):
    answer = page(shanghai).get("/reports/?answer=none")
    strip = {cell["label"]: cell for cell in answer.context["strip"]}
    assert (strip["Resumption rate"]["value"], strip["Resumption rate"]["sub"]) == ("50.0", "2 of 4")
    assert strip["Silent"]["value"] == 2
    for cell in strip.values():
        assert page(shanghai).get(f"/reports/{cell['href']}").status_code == 200
    assert len(page(shanghai).get(f"/reports/{strip['Resumption rate']['href']}").context["object_list"]) == 2
    chips = {chip["label"]: (chip["count"], chip["href"]) for chip in answer.context["chips"]}
    for count, href in chips.values():
        assert len(page(shanghai).get(f"/reports/{href}").context["object_list"]) == count


@pytest.mark.parametrize("column", ["name", "place", "state", "staff", "output", "answer", "filed"])
def test_every_column_sorts_with_the_unknown_last(page, shanghai, firms, column):
    for sign in ("", "-"):
        rows = page(shanghai).get(f"/reports/?sort={sign}{column}").context["object_list"]
        assert len(rows) == 4
    if column == "output":
        assert rows[0].enterprise.name[:3] == "企业0"
        assert rows[3].shown is None


@pytest.mark.parametrize(
    "query",
    [
        "day=2022-02-30",
        "day=today",
        "division=31",
        "metric=beauty",
        "answer=maybe",
        "list=x",
        "list=99999999999999999999",
        "sort=pk",
    ],
)
def test_a_filter_that_cannot_be_read_is_said_and_shows_no_rows(page, shanghai, firms, query):
    answer = page(shanghai).get(f"/reports/?{query}")
    assert answer.status_code == 200
    assert not answer.context["object_list"]
    assert b"error-summary" in answer.content


def test_today_and_days_without_lists_say_why_they_are_empty(page, shanghai, firms):
    assert "not over yet" in page(shanghai).get("/reports/?day=2022-05-10").content.decode()
    assert "Nobody owed a report" in page(shanghai).get("/reports/?day=2001-01-01").content.decode()
    assert page(shanghai).get("/reports/?day=0001-01-01").status_code == 200
    assert page(shanghai).get("/reports/?day=9999-12-31").status_code == 200


def test_others_see_only_what_is_theirs(page, make, jilin, firms):
    assert named(page(jilin).get("/reports/")) == set()
    assert named(page(make.clerk(of=firms[1])).get("/reports/")) == {"企业1"}
    assert page(make.user("310000", duties=["edit"])).get("/reports/").status_code == 403


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_export_holds_the_rows_of_the_filter(page, shanghai, firms, form):
    answer = page(shanghai).get(f"/reports/?answer=none&export={form}")
    content = b"".join(answer) if answer.streaming else answer.content
    assert f"reports.{form}" in answer["Content-Disposition"]
    if form == "csv":
        lines = content.decode().splitlines()
        assert len(lines) == 3
        assert "carried" not in lines[0] and firms[2].uscc in lines[1]


def test_filter_by_list_and_batch_is_exactly_what_the_breakdown_counts(page, make, shanghai, firms):
    second = make.white_list("310100")
    batch = make.batch("published", on=second, enterprises=firms[:2], effective_on=DAY - ONE)
    freeze_due(DAY)
    assert named(page(shanghai).get(f"/reports/?list={second.pk}")) == {"企业0", "企业1"}
    assert named(page(shanghai).get(f"/reports/?batch={batch.pk}")) == {"企业0", "企业1"}


def test_the_number_of_queries_does_not_grow_with_the_rows(page, make, shanghai, clock, django_assert_max_num_queries):
    def listed(count):
        firms = [make.enterprise() for _ in range(count)]
        make.batch("published", on=make.white_list(), enterprises=firms, effective_on=DAY - ONE)
        for firm in firms[::2]:
            make.report(firm, DAY, by=shanghai)

    listed(2)
    client = page(shanghai)
    client.get("/reports/")
    ReportDue.objects.all().delete()
    counts = []
    for count in (2, 40):
        listed(count)
        ReportDue.objects.all().delete()
        freeze_due(DAY)
        with django_assert_max_num_queries(8 + 2) as seen:
            client.get("/reports/?answer=none")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def remind(client, **data):
    return client.post("/reports/remind/", {"day": str(DAY), "query": "answer=none"} | data, follow=True)


def test_three_clicks_remind_the_silent_and_the_row_says_so(page, make, shanghai, firms):
    clerk = make.clerk(of=firms[2])
    client = page(shanghai)
    client.get("/reports/?answer=none")
    answer = remind(client, enterprise=[firms[2].uscc, firms[3].uscc])
    assert set(Reminder.objects.values_list("enterprise", "day", "by")) == {(f.pk, DAY, shanghai.pk) for f in firms[2:]}
    told = Notification.objects.get(user=clerk)
    assert "2022-05-09" in told.text and told.address == "/today/?day=2022-05-09"
    text = answer.content.decode()
    assert "2 enterprises were reminded." in text
    assert "1 of them has no user who could read it" in text
    assert "reminded" in text and "10 May 2022 09:46" in text.replace("\xa0", " ")
    assert page(clerk).get(told.address).status_code == 200


def test_all_the_silent_of_a_filter_are_reminded_at_once_and_nobody_twice_a_day(page, shanghai, firms, clock):
    client = page(shanghai)
    client.get("/reports/?answer=none")
    assert "2 enterprises were reminded." in remind(client, all="1").content.decode()
    clock.set(10, 11)
    assert "2 had been reminded today already." in remind(client, all="1").content.decode()
    assert Reminder.objects.count() == 2
    clock.set(11, 9)
    remind(page(shanghai), all="1")
    assert Reminder.objects.count() == 4


def test_whoever_has_reported_is_not_reminded(page, shanghai, firms):
    page(shanghai).get("/reports/")
    remind(page(shanghai), enterprise=[firms[0].uscc])
    assert not Reminder.objects.exists()


def test_reminding_nobody_nobody_s_firms_or_without_the_duty(page, make, shanghai, jilin, firms):
    page(shanghai).get("/reports/")
    assert "Choose the enterprises" in remind(page(shanghai)).content.decode()
    assert remind(page(jilin), enterprise=[firms[2].uscc]).status_code == 404
    assert remind(page(make.user("310000", duties=["view"])), all="1").status_code == 403
    assert remind(page(make.clerk(of=firms[2])), all="1").status_code == 403
    assert remind(page(shanghai), day="yesterday", all="1").status_code == 400
    assert remind(page(shanghai), day="2022-05-11", all="1").status_code == 400
    assert not Reminder.objects.exists()
