"""The pages of nominations, from the supplier's row to the answer, in both languages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Nomination
from enterprises.whitelists.nominations import services
from tests.enterprises.whitelists.nominating import nominate, two_sides
from tests.enterprises.whitelists.showing import said, text
from whitelist.core.days import ONE, today


@pytest.fixture
def sides(make):
    return two_sides(make)


@pytest.fixture
def clerk(make, sides):
    return make.clerk(sides.buyer)


def typed(sides, **changed):
    answers = {
        "supplier": sides.supplier.name, "contract_number": "HT-1", "contract_on": str(today()), "why": "No other",
        "undertaking": "on",
    }  # fmt: skip
    return {name: value for name, value in (answers | changed).items() if value is not None}


def test_a_clerk_nominates_from_the_row_of_an_unlisted_supplier(make, page, sides, clerk):
    link = make.supply_link(supplier=sides.supplier, buyer=sides.buyer, share=40, is_sole_source=True)
    listed = make.supply_link(buyer=sides.buyer, supplier=make.listing().enterprise)
    suppliers = text(page(clerk).get("/supply-links/"))
    assert f"/nominations/add/?link={link.pk}" in suppliers and f"?link={listed.pk}" not in suppliers
    form = text(page(clerk).get(f"/nominations/add/?link={link.pk}"))
    assert "It goes to Jilin list" in form and sides.supplier.name in form and 'value="40' in form
    assert sides.supplier.uscc not in form, "of a partner elsewhere the name alone"
    answer = page(clerk).post("/nominations/add/", typed(sides, link=link.pk, material=link.material.code))
    made = Nomination.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/nominations/{made.pk}/")
    assert (made.supplier, made.material) == (sides.supplier, link.material)
    shown = text(page(clerk).get(answer.url))
    assert "Waits for" in shown and sides.supplier.uscc not in shown and "journey" in shown
    assert "Nominated" in text(page(clerk).get("/supply-links/"))


def test_an_office_nominates_by_code(page, sides, shanghai):
    assert 'name="buyer"' in text(page(shanghai).get(f"/nominations/add/?buyer={sides.buyer.uscc}"))
    sent = typed(sides, buyer=sides.buyer.uscc, supplier=sides.supplier.uscc)
    assert page(shanghai).post("/nominations/add/", sent).status_code == 302
    assert Nomination.objects.get().proposed_by == shanghai


def test_where_there_is_no_list_the_page_says_so_at_once(make, page, sides, clerk):
    link = make.supply_link(supplier=make.enterprise("440103"), buyer=sides.buyer)
    assert "There is no list to nominate it for" in text(page(clerk).get(f"/nominations/add/?link={link.pk}"))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"supplier": "Nobody"}, "The register has no enterprise with the code or exact name “Nobody”."),
        ({"contract_number": ""}, "This field is required."),
        ({"contract_on": str(today() + ONE)}, "The contract is dated after today."),
        ({"share": "101"}, "less than or equal to 100"),
        ({"why": ""}, "This field is required."),
        ({"undertaking": None}, "This field is required."),
        ({"material": "none-such"}, "is no material of the vocabulary"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(page, sides, clerk, changed, sentence):
    answer = page(clerk).post("/nominations/add/", typed(sides, **{"contract_number": "HT-77", **changed}))
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert "contract_number" in changed or "HT-77" in text(answer)


def test_a_second_nomination_of_the_same_is_a_conflict(page, sides, clerk):
    nominate(sides, by=clerk)
    answer = page(clerk).post("/nominations/add/", typed(sides))
    assert answer.status_code == 409 and "the answer is still to come" in text(answer)


def test_the_office_accepts_into_a_draft_it_chooses(make, page, sides, clerk, jilin):
    older = make.batch("draft", on=sides.target, editor=jilin)
    make.batch("draft", on=sides.target, editor=jilin)
    made = nominate(sides, by=clerk)
    shown = text(page(jilin).get(f"/nominations/{made.pk}/"))
    assert older.title in shown and sides.buyer.uscc not in shown and sides.supplier.uscc in shown
    answer = page(jilin).post(f"/nominations/{made.pk}/accept/", {"batch": older.pk})
    assert answer.status_code == 302
    assert older.lines.filter(enterprise=sides.supplier).exists()
    assert "To the batch" in text(page(jilin).get(answer.url))
    assert "To the batch" not in text(page(clerk).get(answer.url))


def test_the_office_accepts_into_a_new_draft_beside_the_one_there_is(make, page, sides, clerk, jilin):
    made = nominate(sides, by=clerk)
    make.batch("draft", on=sides.target, editor=jilin)
    page(jilin).post(f"/nominations/{made.pk}/accept/", {"batch": 0})
    made.refresh_from_db()
    assert made.line.batch.title.startswith("Nominations of")


def test_a_draft_of_another_list_is_refused_in_a_toast(make, page, sides, clerk, jilin):
    made = nominate(sides, by=clerk)
    client = page(jilin)
    answer = client.post(f"/nominations/{made.pk}/accept/", {"batch": make.batch("draft").pk})
    assert answer.status_code == 302 and "Select a valid choice" in said(client, answer.url)[0]
    made.refresh_from_db()
    assert made.status == "proposed"


def test_declining_asks_for_the_reason_first(page, sides, clerk, jilin):
    made = nominate(sides, by=clerk)
    address = f"/nominations/{made.pk}/decline/"
    assert "Decline this nomination" in text(page(jilin).get(address))
    assert page(jilin).post(address, {"note": "x"}).status_code == 400
    assert page(jilin).post(address, {"reason": "not_key", "note": "Two other makers"}).status_code == 302
    shown = text(page(clerk).get(f"/nominations/{made.pk}/"))
    assert "Declined: not a key link" in shown and "Two other makers" in shown
    assert page(jilin).get(address).status_code == 409


def test_the_buyers_side_withdraws(page, sides, clerk, shanghai, jilin):
    made = nominate(sides, by=clerk)
    address = f"/nominations/{made.pk}/withdraw/"
    assert page(jilin).post(address).status_code == 403
    assert "Withdraw this nomination" in text(page(shanghai).get(address))
    assert page(shanghai).post(address, {"note": "Found another"}).status_code == 302
    assert page(clerk).post(address).status_code == 409


def test_others_find_nothing_there(make, page, sides, clerk):
    made = nominate(sides, by=clerk)
    for user in (make.clerk(), make.user("320000")):
        for step in ("", "accept/", "decline/", "withdraw/"):
            client = page(user)
            answer = client.post(f"/nominations/{made.pk}/{step}") if step else client.get(f"/nominations/{made.pk}/")
            assert answer.status_code == 404
    assert page(make.user("310000", duties=["view"])).get("/nominations/add/").status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_draws_for_every_side_in_every_state(make, page, sides, clerk, shanghai, jilin, language):
    declined = services.decline(nominate(sides, by=clerk), reason="other", by=jilin)
    withdrawn = services.withdraw(nominate(sides, by=clerk), by=clerk)
    accepted = services.accept(nominate(sides, by=clerk, share=40, is_sole_source=True), by=jilin)
    supplier_itself = make.clerk(sides.supplier)
    sides.supplier = make.enterprise("220102")
    waiting = nominate(sides, by=shanghai)
    for user in (clerk, shanghai, jilin, supplier_itself):
        client = page(user)
        client.cookies["language"] = language
        for address in ("/nominations/", "/nominations/?waiting=true&q=x", "/nominations/?sort=supplier&side=ours"):
            assert client.get(address).status_code == 200
        for row in (declined, withdrawn, accepted):
            assert client.get(f"/nominations/{row.pk}/").status_code == 200
    client = page(jilin)
    for step in ("", "decline/"):
        assert client.get(f"/nominations/{waiting.pk}/{step}").status_code == 200


def test_the_list_is_exported_as_shown_with_strangers_by_name(page, sides, clerk, jilin):
    nominate(sides, by=clerk)
    sheet = b"".join(page(jilin).get("/nominations/?export=csv").streaming_content).decode("utf-8-sig")
    assert sides.buyer.name in sheet and sides.supplier.uscc in sheet and sides.buyer.uscc not in sheet


@pytest.mark.parametrize("address", ["/nominations/", "/supply-links/", "/lists/"])
def test_tables_cost_a_constant_number_of_queries(make, page, sides, shanghai, address):
    client, counts = page(shanghai), []
    for wanted in (2, 40):
        while Nomination.objects.count() < wanted:
            sides.supplier = make.enterprise("220102")
            make.supply_link(supplier=sides.supplier, buyer=sides.buyer)
            nominate(sides, by=shanghai)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts[0] == counts[1] <= 10, counts
