"""Proposals on pages and over REST: read, taken up, dismissed, many at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import AdjustmentProposal, Batch
from tests.enterprises.whitelists.asking import ROOT, pointers
from tests.enterprises.whitelists.showing import said, text
from whitelist.core.days import yesterday

ADDRESS, DAY = f"{ROOT}adjustments/", yesterday()
EVIDENCE = {
    "retired": {"retired_on": "2022-05-03", "reason": "closed", "standing": "retired", "listed_since": "2022-03-01"},
    "resumed": {"days": 30, "reports": 29, "output": "93.4", "since": "2022-04-01"},
    "silent": {"days": 6, "last_report": "2022-05-03"},
    "supplier_in_red": {
        "buyers": 3, "buyer": "上海买方（虚构）", "material": "控制单元", "material_en": "", "since": "2022-05-09",
        "sole": True,
    },
}  # fmt: skip
ACTIONS = {"retired": "remove", "resumed": "remove", "silent": "ask", "supplier_in_red": "add"}


@pytest.fixture
def white_list(make):
    return make.white_list("310000", title="Shanghai list")


@pytest.fixture
def propose(make, white_list):
    def made(ground="retired", **fields):
        return AdjustmentProposal.objects.create(
            white_list=white_list, enterprise=make.enterprise("310115"), action=ACTIONS[ground], ground=ground,
            evidence=EVIDENCE[ground], first_day=DAY, last_day=DAY, **fields,
        )  # fmt: skip

    return made


def test_the_page_says_the_evidence_of_what_is_open(page, shanghai, propose):
    for ground in EVIDENCE:
        propose(ground)
    over = propose(status="over")
    shown = text(page(shanghai).get("/adjustments/"))
    for sentence in (
        "No longer active since",
        "on average 93.4 % of normal.",
        "No report for 6 days; the last one was for",
        "and 2 more listed enterprises in red. It is the sole source.",
    ):
        assert sentence in shown
    assert over.enterprise.name not in shown
    assert over.enterprise.name in text(page(shanghai).get("/adjustments/?status=over"))
    assert over.enterprise.name in text(page(shanghai).get("/adjustments/?status="))


def test_one_click_puts_the_line_into_a_draft(page, shanghai, propose):
    row, client = propose(), page(shanghai)
    answer = client.post("/adjustments/decide/", {"take": row.pk, "back": "ground=retired"})
    assert (answer.status_code, answer.url) == (302, "/adjustments/?ground=retired")
    batch = Batch.objects.get()
    assert said(client, answer.url) == [f"1 line put into “{batch.title}”."]
    assert batch.lines.get().enterprise == row.enterprise


def test_many_ticked_have_each_their_own_result(make, page, shanghai, propose):
    rows = [propose() for _ in range(3)] + [propose("silent")]
    client = page(shanghai)
    client.post("/adjustments/decide/", {"bulk": "take", "chosen": [row.pk for row in rows]})
    toasts = said(client, "/adjustments/")
    assert "3 lines put into" in toasts[0]
    assert toasts[1].startswith(f"{rows[3].enterprise.name}: ") and len(toasts) == 2
    assert AdjustmentProposal.objects.filter(status="taken").count() == 3


def test_many_are_dismissed_with_one_reason(page, shanghai, propose):
    rows, client = [propose(), propose()], page(shanghai)
    sent = {"bulk": "dismiss", "chosen": [row.pk for row in rows], "reason": "settled"}
    client.post("/adjustments/decide/", sent)
    assert said(client, "/adjustments/") == ["2 proposals dismissed."]
    assert {row.dismiss_reason for row in AdjustmentProposal.objects.all()} == {"settled"}


def test_without_a_tick_nothing_happens(page, shanghai, propose):
    propose()
    client = page(shanghai)
    for sent in ({"bulk": "take"}, {}, {"bulk": "burn", "chosen": "1"}, {"take": "x"}):
        client.post("/adjustments/decide/", sent)
        assert said(client, "/adjustments/")
    assert not Batch.objects.exists()


def test_one_is_decided_on_its_own_page(page, shanghai, propose):
    row, other = propose(), propose()
    assert "Put into a draft" in text(page(shanghai).get(f"/adjustments/{row.pk}/"))
    assert page(shanghai).post(f"/adjustments/{row.pk}/take/").status_code == 302
    assert "To the batch" in text(page(shanghai).get(f"/adjustments/{row.pk}/"))
    address = f"/adjustments/{other.pk}/dismiss/"
    assert "Dismiss this proposal" in text(page(shanghai).get(address))
    assert page(shanghai).post(address, {}).status_code == 400
    assert page(shanghai).post(address, {"reason": "not_key", "note": "Replaceable"}).status_code == 302
    assert "Replaceable" in text(page(shanghai).get(f"/adjustments/{other.pk}/"))
    assert page(shanghai).get(address).status_code == 409


def test_others_read_or_find_nothing(make, page, propose, ministry, jilin):
    row = propose()
    assert "Take up" not in text(page(ministry).get("/adjustments/"))
    assert page(ministry).post(f"/adjustments/{row.pk}/dismiss/", {"reason": "other"}).status_code == 403
    assert page(ministry).post(f"/adjustments/{row.pk}/take/").status_code == 403
    assert page(jilin).get(f"/adjustments/{row.pk}/").status_code == 404
    assert page(make.clerk()).get("/adjustments/").status_code == 403
    reader = make.user("310000", duties=["view"])
    assert page(reader).post("/adjustments/decide/", {"take": row.pk}).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_draws_in_both_languages(page, shanghai, propose, language):
    client = page(shanghai)
    client.cookies["language"] = language
    assert client.get("/adjustments/").status_code == 200
    for ground in EVIDENCE:
        row = propose(ground)
        for step in ("", "dismiss/"):
            assert client.get(f"/adjustments/{row.pk}/{step}").status_code == 200
    for asked in ("", "?waiting=true", "?ground=silent&sort=name", "?q=none", "?division=310100&chain=automobiles"):
        assert client.get(f"/adjustments/{asked}").status_code == 200
    assert client.get("/adjustments/?export=csv").status_code == 200


def test_over_rest(api, shanghai, jilin, ministry, propose):
    row, other = propose(), propose("supplier_in_red")
    told = api(shanghai).get(f"{ADDRESS}{row.pk}/").json()
    assert told["enterprise"] == {"uscc": row.enterprise.uscc, "name": row.enterprise.name}
    assert (told["ground"], told["action"], told["steps"]) == ("retired", "remove", ["dismiss", "take"])
    assert told["evidence"]["reason"] == "closed" and told["sentence"].startswith("No longer active")
    assert api(jilin).get(f"{ADDRESS}{row.pk}/").status_code == 404
    assert api(ministry).post(f"{ADDRESS}{row.pk}/take/", {}).status_code == 403
    assert pointers(api(shanghai).post(f"{ADDRESS}{row.pk}/take/", {"batch": 10**9})) == {("/batch", "unknown_batch")}
    taken = api(shanghai).post(f"{ADDRESS}{row.pk}/take/", {})
    assert (taken.status_code, taken.json()["status"]) == (200, "taken")
    assert taken.json()["batch"] == Batch.objects.get().pk
    assert api(shanghai).post(f"{ADDRESS}{row.pk}/take/", {}).status_code == 409
    assert pointers(api(shanghai).post(f"{ADDRESS}{other.pk}/dismiss/", {})) == {("/reason", "required")}
    assert api(shanghai).post(f"{ADDRESS}{other.pk}/dismiss/", {"reason": "not_key"}).json()["status"] == "dismissed"


def test_bulk_over_rest(api, shanghai, propose):
    rows = [propose(), propose()]
    items = [{"id": rows[0].pk, "verb": "take"}, {"id": rows[1].pk, "verb": "dismiss"}]
    refused = api(shanghai).post(f"{ADDRESS}bulk/", items)
    assert refused.status_code == 400 and pointers(refused) == {("/1/reason", "required")}
    assert not AdjustmentProposal.objects.exclude(status="open").exists()
    each = api(shanghai).post(f"{ADDRESS}bulk/?mode=each", [*items, {"id": 10**9, "verb": "take"}])
    assert each.status_code == 207
    assert [result["status"] for result in each.json()["results"]] == [200, 400, 400]


def test_filters_over_rest(api, shanghai, propose):
    row = propose()
    propose("silent", status="over")

    def found(**asked):
        return api(shanghai).get(ADDRESS, asked).json()["count"]

    assert found() == 2 and found(status="open") == 1 and found(ground="silent") == 1 and found(action="remove") == 1
    assert found(waiting="true") == 1 and found(waiting="false") == 1
    assert found(q=row.enterprise.uscc, division="310000", chain="automobiles", white_list=row.white_list_id) == 1
    assert found(chain="food") == 0
    assert api(shanghai).get(ADDRESS, {"kind": "x"}).status_code == 400


@pytest.mark.parametrize("door", ["page", "api"])
def test_a_table_costs_a_constant_number_of_queries(api, page, shanghai, propose, door):
    client, where = (page(shanghai), "/adjustments/") if door == "page" else (api(shanghai), ADDRESS)
    counts = []
    for wanted in (2, 40):
        while AdjustmentProposal.objects.count() < wanted:
            propose()
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts[0] == counts[1] <= 9, counts
