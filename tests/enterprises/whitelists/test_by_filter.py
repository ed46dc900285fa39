"""Lines for everybody whom a filter finds: counted first, written at once, each refused one told."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Batch, Enterprise
from enterprises.whitelists import services
from enterprises.whitelists.batches.filtering import put_matching
from tests.enterprises.whitelists.asking import ROOT, pointers
from tests.enterprises.whitelists.showing import said, text


@pytest.fixture
def batch(make, editor):
    """A draft; of four food firms of Shanghai one fits, one is in the batch, one on the list, one is retired."""
    _fits, wished, listed = (make.enterprise(name=name, chain="food") for name in ("Fit", "Wished", "Listed"))
    make.enterprise(name="Retired", chain="food", status="retired")
    make.enterprise("220102", name="Elsewhere", chain="food")
    white_list = make.white_list()
    make.batch("published", on=white_list, enterprises=[listed])
    return make.batch("draft", on=white_list, editor=editor, enterprises=[wished])


def address(batch):
    return f"/batches/{batch.pk}/by-filter/"


def typed(batch, **more):
    return {"reason": "livelihood", "note": "Feeds the city", "version": Batch.objects.get(pk=batch.pk).version, **more}


def test_the_count_comes_first(page, editor, batch):
    assert "Say which enterprises" in text(page(editor).get(address(batch)))
    shown = text(page(editor).get(f"{address(batch)}?chain=food"))
    assert "Add 1 enterprise" in shown and "4 enterprises found" in shown and "Fit" in shown
    assert "It stands in this batch already." in shown and "It is no longer active in the register." in shown
    assert "No enterprise fits" in text(page(editor).get(f"{address(batch)}?q=nobody"))


def test_all_that_fit_come_in_at_once_and_the_others_are_told(page, editor, batch):
    answer = page(editor).post(f"{address(batch)}?chain=food", typed(batch))
    assert answer.status_code == 200
    line = batch.lines.get(enterprise__name="Fit")
    assert (line.action, line.reason, line.note, line.edited_by) == ("add", "livelihood", "Feeds the city", editor)
    assert (line.chain, line.field) == ("food", "strategic")
    assert batch.lines.count() == 2
    told = answer.context["refused"]
    assert [name for _code, name, _why in told] == ["Fit", "Listed", "Retired", "Wished"][1:]
    assert "1 line added to the batch. 3 enterprises did not fit." in text(answer)


def test_where_everybody_fits_one_comes_back_to_the_batch(page, editor, batch):
    answer = page(editor).post(f"{address(batch)}?q=Fit", typed(batch))
    assert (answer.status_code, answer.url) == (302, batch.get_absolute_url())
    assert said(page(editor), answer.url) == ["1 line added to the batch."]


def test_listed_ones_are_removed_by_filter_as_well(page, editor, batch):
    client = page(editor)
    assert "Remove 1 enterprise" in text(client.get(f"{address(batch)}?action=remove&chain=food"))
    client.post(f"{address(batch)}?action=remove&chain=food", typed(batch, reason="retired"))
    assert batch.lines.get(enterprise__name="Listed").action == "remove"


def test_what_was_read_must_still_stand(page, editor, batch, make):
    sent = typed(batch)
    services.put_lines(batch, [{"enterprise": make.enterprise(), "action": "add", "reason": "key_link"}], by=editor)
    answer = page(editor).post(f"{address(batch)}?chain=food", sent)
    assert answer.status_code == 412 and batch.lines.count() == 2


def test_without_a_condition_nothing_is_done(page, api, editor, batch):
    assert page(editor).post(address(batch), typed(batch)).status_code == 302
    assert batch.lines.count() == 1
    refused = api(editor).post(f"{ROOT}batches/{batch.pk}/lines/by-filter/", {"filter": {"q": ""}, "reason": "other"})
    assert refused.status_code == 400


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": "because"}, {"note": "x" * 501}])
def test_what_is_wrong_stands_at_its_field(page, editor, batch, wrong):
    answer = page(editor).post(f"{address(batch)}?chain=food", typed(batch, **wrong))
    assert answer.status_code == 400 and batch.lines.count() == 1


def test_not_yours_not_there_not_now(make, page, api, batch, jilin, ministry):
    sent = {"filter": {"chain": "food"}, "reason": "other"}
    for user, status in ((jilin, 404), (ministry, 403), (make.user("310000", duties=["view"]), 403)):
        assert page(user).get(f"{address(batch)}?chain=food").status_code == status
        assert page(user).post(f"{address(batch)}?chain=food", typed(batch)).status_code == status
        assert api(user).get(f"{ROOT}batches/{batch.pk}/lines/by-filter/?chain=food").status_code == status
        assert api(user).post(f"{ROOT}batches/{batch.pk}/lines/by-filter/", sent).status_code == status
    done = make.batch("submitted")
    assert page(make.user("310000")).get(f"{address(done)}?chain=food").status_code == 409
    assert api(make.user("310000")).post(f"{ROOT}batches/{done.pk}/lines/by-filter/", sent).status_code == 409


def test_over_the_api(api, editor, batch):
    client, where = api(editor), f"{ROOT}batches/{batch.pk}/lines/by-filter/"
    summed = client.get(f"{where}?chain=food").json()
    assert (summed["found"], summed["fitting"]) == (4, 1)
    assert summed["refused"] == {
        "in_batch": 1, "already_listed": 1, "not_active": 1, "not_listed": 0, "outside_division": 0,
    }  # fmt: skip
    made = client.post(where, {"filter": {"chain": "food"}, "reason": "livelihood"})
    assert made.status_code == 201 and made.json()["put"] == 1
    assert {each["name"] for each in made.json()["refused"]} == {"Listed", "Retired", "Wished"}
    assert made["ETag"] == client.get(f"{ROOT}batches/{batch.pk}/")["ETag"]
    assert pointers(client.post(where, {"filter": {"colour": "red"}, "reason": "other"})) == {("/colour", "invalid")}
    assert client.get(f"{where}?chain=none").status_code == 400
    assert client.get(f"{where}?chain=food&action=amend").status_code == 400
    assert client.get(f"{where}?colour=red").status_code == 400
    assert client.post(where, {"filter": {}, "reason": "other"}).status_code == 400
    stale = client.post(where, {"filter": {"chain": "food"}, "reason": "other"}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412


def test_forty_cost_as_many_queries_as_two(make, editor):
    counts = []
    for size in (1, 2, 40):
        batch = make.batch("draft", editor=editor, enterprises=[])
        chosen = Enterprise.objects.filter(pk__in=[make.enterprise().pk for _ in range(size)])
        with CaptureQueriesContext(connection) as queries:
            done = put_matching(batch, chosen, action="add", reason="key_link", by=editor)
        assert done == (size, [])
        counts.append(len(queries))
    assert counts[1] == counts[2]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_is_drawn_in_both_languages(page, editor, batch, language):
    client = page(editor)
    client.cookies["language"] = language
    for query in ("", "?chain=food", "?action=remove&chain=food", "?chain=none"):
        assert client.get(f"{address(batch)}{query}").status_code == 200
