"""The pages of recognition: proposing, answering, leaving out, the matrix, the effective list, and the question."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from enterprises.models import Recognition, RecognitionException
from enterprises.recognition import services
from whitelist.core.days import today

TODAY = today()
LATER = TODAY + timedelta(days=30)
TERMS = {"since": str(TODAY), "until": str(LATER), "note": "As spoken"}


def text(response):
    return response.content.decode()


@pytest.fixture
def listed(make):
    return make.listing()


@pytest.fixture
def agreement(make, listed):
    return make.recognition(listed.white_list, by="220000")


# Proposing


def test_we_ask_to_recognise_a_list_of_which_we_see_the_title_alone(make, page, jilin):
    white_list = make.white_list(title="Key firms of Shanghai")
    assert "Key firms of Shanghai" in text(page(jilin).get("/recognitions/add/"))
    assert page(jilin).get(f"/lists/{white_list.pk}/").status_code == 404
    answer = page(jilin).post("/recognitions/add/", {**TERMS, "white_list": white_list.pk, "chains": ["food"]})
    made = Recognition.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/recognitions/{made.pk}/")
    assert (made.recogniser, made.chains, made.fields, made.note) == (jilin.office, ["food"], [], "As spoken")
    assert page(jilin).get(f"/lists/{white_list.pk}/").status_code == 404


def test_we_offer_a_list_of_ours_to_others(make, page, shanghai):
    white_list, other = make.white_list(), make.office("220000")
    form = text(page(shanghai).get(f"/recognitions/add/?side=offer&white_list={white_list.pk}"))
    assert f'value="{white_list.pk}" selected' in form and str(other) in form
    said = {**TERMS, "white_list": white_list.pk, "recogniser": other.pk}
    assert page(shanghai).post("/recognitions/add/?side=offer", said).status_code == 302
    assert Recognition.objects.get().recogniser == other


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"white_list": ""}, "This field is required."),
        ({"white_list": "999999"}, "Select a valid choice."),
        ({"until": str(TODAY - timedelta(days=1))}, "The last day lies before the first."),
        ({"until": str(TODAY + timedelta(days=400))}, "A recognition lasts a year at most"),
        ({"chains": ["magic"]}, "Select a valid choice."),
        ({"since": "soon"}, "Enter a valid date."),
    ],
)
def test_what_is_wrong_with_a_proposal_stands_at_its_field(make, page, jilin, changed, sentence):
    answer = page(jilin).post("/recognitions/add/", {**TERMS, "white_list": make.white_list().pk} | changed)
    assert answer.status_code == 400
    assert sentence in text(answer) and "As spoken" in text(answer), "nothing typed is lost"
    assert not Recognition.objects.exists()


def test_two_proposals_about_one_list_exclude_each_other(make, page, jilin):
    waiting = make.recognition(accepted=False)
    answer = page(jilin).post("/recognitions/add/", {**TERMS, "white_list": waiting.white_list_id})
    assert answer.status_code == 409 and "waits for an answer already" in text(answer)


def test_who_decides_nothing_proposes_nothing(make, page, ministry, jilin):
    assert page(make.user("220000", duties=["view", "edit"])).get("/recognitions/add/").status_code == 403
    assert page(ministry).get("/recognitions/add/").status_code == 403
    make.white_list("000000", title="The ministry's")
    assert "The ministry's" not in text(page(jilin).get("/recognitions/add/"))


# One agreement


def test_the_other_side_is_offered_to_accept_and_says_what_it_accepts(make, page, shanghai, jilin, listed):
    proposal = make.recognition(listed.white_list, by="220000", accepted=False)
    where = f"/recognitions/{proposal.pk}/"
    assert "Accept: 1 enterprise" in text(page(jilin).get(where))
    assert "Accept:" not in text(page(shanghai).get(where))
    assert "Waits for" in text(page(shanghai).get(where))
    assert page(shanghai).post(f"{where}accept/").status_code == 403
    assert page(jilin).post(f"{where}accept/").status_code == 302
    assert Recognition.objects.get().status == "in_force"
    said = text(page(jilin).post(f"{where}accept/", follow=True))
    assert "is not possible: this is in force now" in said


def test_a_withdrawal_says_what_will_happen_and_asks_why(make, page, jilin, changchun, agreement):
    where = f"/recognitions/{agreement.pk}/"
    assert "1 enterprise counts no longer in" in text(page(jilin).get(f"{where}withdraw/"))
    assert page(changchun).get(f"{where}withdraw/").status_code == 403
    assert page(jilin).post(f"{where}withdraw/", {"note": ""}).status_code == 400
    assert page(jilin).post(f"{where}withdraw/", {"note": "Plants have resumed"}).status_code == 302
    assert "Plants have resumed" in text(page(jilin).get(where))
    assert page(jilin).get(f"{where}withdraw/").status_code == 409


def test_strangers_do_not_find_an_agreement(make, page, agreement, client):
    stranger = make.user("510000")
    for where in ("", "withdraw/", "exceptions/add/"):
        assert client.get(f"/recognitions/{agreement.pk}/{where}").status_code == 302
    for where in ("", "withdraw/", "exceptions/add/"):
        assert page(stranger).get(f"/recognitions/{agreement.pk}/{where}").status_code == 404
    assert page(make.clerk()).get("/recognitions/").status_code == 403


def test_the_recogniser_leaves_one_enterprise_out_and_lets_it_count_again(
    make, page, jilin, shanghai, listed, agreement
):
    where, firm = f"/recognitions/{agreement.pk}/", listed.enterprise
    assert page(shanghai).get(f"{where}exceptions/add/").status_code == 403
    unknown = page(jilin).post(f"{where}exceptions/add/", {"enterprise": make.uscc(), "reason": "Closed"})
    assert unknown.status_code == 400 and "No enterprise with this code stands on the list" in text(unknown)
    said = {"enterprise": firm.code.lower(), "reason": "Moved away"}
    assert page(jilin).post(f"{where}exceptions/add/", said).status_code == 302
    seen = text(page(shanghai).get(where))
    assert "Moved away" in seen and firm.code in seen
    made = RecognitionException.objects.get()
    assert page(shanghai).post(f"{where}exceptions/{made.pk}/end/").status_code == 403
    assert page(jilin).post(f"{where}exceptions/{made.pk}/end/").status_code == 302
    assert "counts again from" in text(page(jilin).get(where))


def test_what_the_clock_has_ended_is_shown_as_lapsed_before_anybody_wrote_so(page, jilin, agreement):
    before = {"since": TODAY - timedelta(days=9), "until": TODAY - timedelta(days=1)}
    Recognition.objects.update(**before, held_from=before["since"], held_until=before["until"])
    assert "lapsed" in text(page(jilin).get(f"/recognitions/{agreement.pk}/"))
    assert page(jilin).get("/recognitions/?status=in_force").context["page_obj"].paginator.count == 0
    assert page(jilin).get("/recognitions/?status=lapsed").context["page_obj"].paginator.count == 1


# The list of them


def test_the_list_is_filtered_by_side_state_and_answerer(make, page, jilin, shanghai):
    ours, theirs = make.recognition(by="220000"), make.recognition(make.white_list("220000"), by="310000")
    waiting = make.recognition(make.white_list("320000"), by="220000", accepted=False)

    def found(user, query):
        return {row.pk for row in page(user).get(f"/recognitions/?{query}").context["object_list"]}

    assert found(jilin, "") == {ours.pk, theirs.pk, waiting.pk}
    assert found(shanghai, "") == {ours.pk, theirs.pk}
    assert found(jilin, "side=ours") == {ours.pk, waiting.pk} and found(jilin, "side=theirs") == {theirs.pk}
    assert found(jilin, "waiting=true") == {waiting.pk} and found(jilin, "status=proposed") == {waiting.pk}
    assert found(jilin, "recogniser=220000&source=310000") == {ours.pk}
    assert found(jilin, f"as_of={TODAY - timedelta(days=1)}") == set()


def test_the_list_says_how_many_enterprises_each_covers(make, page, jilin, agreement):
    make.listing(of=make.enterprise(chain="food"), on=agreement.white_list)
    assert [row.covered for row in page(jilin).get("/recognitions/").context["object_list"]] == [2]
    Recognition.objects.update(chains=["food"])
    assert [row.covered for row in page(jilin).get("/recognitions/").context["object_list"]] == [1]


@pytest.mark.parametrize("where", ["/recognitions/", "/recognised/?division=220000", "/recognitions/matrix/"])
def test_a_list_takes_as_many_queries_for_forty_rows_as_for_two(make, page, ministry, where):
    counts = []
    for number in (2, 38):
        for _each in range(number):
            make.recognition(make.listing().white_list, by="220000")
        client = page(ministry)
        client.get(where)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(where).status_code == 200
        counts.append(len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert counts[0] == counts[1] <= 10, counts


# The lists themselves


def test_a_list_says_who_recognises_it_and_a_recogniser_finds_it_marked(make, page, shanghai, jilin, agreement):
    assert "Recognised by" in text(page(shanghai).get(f"/lists/{agreement.white_list_id}/"))
    assert f"/recognitions/{agreement.pk}/" in text(page(shanghai).get(f"/lists/{agreement.white_list_id}/"))
    mine = text(page(jilin).get("/lists/"))
    assert agreement.white_list.title in mine and "by agreement" in mine


def test_a_recogniser_reads_the_list_but_neither_its_drafts_nor_the_register(make, page, jilin, listed, agreement):
    draft = make.batch("draft", on=listed.white_list)
    seen = text(page(jilin).get(f"/lists/{listed.white_list_id}/"))
    assert listed.enterprise.name in seen
    assert listed.enterprise.get_absolute_url() not in seen and draft.title not in seen


# The matrix


def test_the_matrix_counts_who_recognises_how_many_of_whom(make, page, ministry, agreement):
    make.listing(of=make.enterprise("210204"), on=make.white_list("210200"))
    seen = text(page(ministry).get("/recognitions/matrix/"))
    query = f"recogniser=220000&amp;source=310000&amp;as_of={TODAY}"
    assert re.search(
        rf'<td class=""><a class="shade-0" href="/recognitions/\?{re.escape(query)}" title="[^"]+">1</a>', seen
    )
    assert "Dalian: 1 enterprise on its own lists" in seen
    assert len(re.findall('<th scope="row">', seen)) == 37
    before = text(page(ministry).get(f"/recognitions/matrix/?as_of={TODAY - timedelta(days=1)}"))
    assert "source=310000" not in before
    assert page(ministry).get("/recognitions/matrix/?as_of=someday").status_code == 400


def test_each_number_of_the_matrix_leads_to_its_agreements(make, page, ministry, agreement):
    make.recognition(make.listing(of=make.enterprise("210204"), on=make.white_list("210200")).white_list, by="220000")
    seen = text(page(ministry).get("/recognitions/matrix/"))
    for source in ("310000", "210200"):
        where = f"/recognitions/?recogniser=220000&source={source}&as_of={TODAY}"
        assert where.replace("&", "&amp;") in seen
        assert page(ministry).get(where).context["page_obj"].paginator.count == 1
    assert page(ministry).get("/recognitions/?source=210000").context["page_obj"].paginator.count == 0


def test_a_province_sees_its_own_row_and_column_of_the_matrix(make, page, jilin, agreement):
    make.recognition(make.listing().white_list, by="320000")
    seen = text(page(jilin).get("/recognitions/matrix/"))
    assert "recogniser=220000" in seen and "recogniser=320000" not in seen


# The effective list


def test_the_effective_list_says_of_each_row_by_which_right(make, page, jilin, listed, agreement):
    own = make.listing(of=make.enterprise("220102"), on=make.white_list("220000"))
    everywhere = make.listing(of=make.enterprise("510104"), on=make.white_list("000000"))
    make.listing(of=make.enterprise("320505"), on=make.white_list("320000"))
    rows = page(jilin).get("/recognised/").context["object_list"]
    assert {(row.enterprise_id, row.basis, row.agreement) for row in rows} == {
        (listed.enterprise_id, "agreement", agreement.pk),
        (own.enterprise_id, "own", None),
        (everywhere.enterprise_id, "ministry", None),
    }


def test_an_enterprise_on_two_grounds_is_counted_once(make, page, jilin, listed, agreement):
    make.listing(of=listed.enterprise, on=make.white_list("000000"))
    answer = page(jilin).get("/recognised/")
    assert (answer.context["enterprises"], answer.context["page_obj"].paginator.count) == (1, 2)


def test_the_effective_list_is_filtered_and_exported_as_shown(make, page, jilin, listed, agreement):
    make.listing(of=make.enterprise("220102", name="Food firm", chain="food"), on=make.white_list("220000"))

    def found(query):
        return {row.enterprise.name for row in page(jilin).get(f"/recognised/?{query}").context["object_list"]}

    assert found("basis=agreement") == found("chain=automobiles") == {listed.enterprise.name}
    assert found(f"agreement={agreement.pk}") == {listed.enterprise.name}
    assert found("basis=own") == found("q=food") == {"Food firm"}
    exported = page(jilin).get("/recognised/?basis=agreement&export=csv").getvalue().decode()
    assert listed.enterprise.code in exported and "Food firm" not in exported
    assert page(jilin).get("/recognised/?export=xlsx").getvalue()[:2] == b"PK"


def test_what_counts_elsewhere_is_not_for_everybody(make, page, jilin, changchun, ministry, listed, agreement):
    assert page(jilin).get("/recognised/?division=310000").status_code == 404
    assert page(changchun).get("/recognised/?division=220000").status_code == 404
    assert page(ministry).get("/recognised/?division=310000").status_code == 200
    assert page(ministry).get("/recognised/?division=999999").status_code == 404
    assert listed.enterprise.name in text(page(changchun).get("/recognised/"))


# The question


def test_the_question_is_answered_in_one_glance_with_its_ground(make, page, listed, agreement):
    checkpoint = make.user("220000", office=make.office("220000", "checkpoint"), duties=["view", "verify"])
    asked = f"/recognised/ask/?uscc={listed.enterprise.code.lower()}&division=220000&as_of="
    seen = text(page(checkpoint).get(f"{asked}{TODAY}"))
    assert "Yes, recognised" in seen and f"agreement {agreement.pk}" in seen and listed.white_list.title in seen
    assert listed.enterprise.name not in seen
    assert "No, not recognised" in text(page(checkpoint).get(f"{asked}{TODAY - timedelta(days=1)}"))
    assert "No, not recognised" in text(
        page(checkpoint).get(f"/recognised/ask/?uscc={make.uscc()}&division=220000&as_of={TODAY}")
    )
    assert page(checkpoint).get("/recognitions/").status_code == 403


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("uscc=12&division=220000&as_of=2022-05-01", "A code has 18 characters"),
        ("uscc=91310115MA1X000019&division=999999&as_of=2022-05-01", "Select a valid choice."),
        ("uscc=91310115MA1X000019&division=220000&as_of=never", "Enter a valid date."),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(page, jilin, asked, sentence):
    answer = page(jilin).get(f"/recognised/ask/?{asked}")
    assert answer.status_code == 400 and sentence in text(answer)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_draws_in_both_languages(make, page, jilin, listed, agreement, language):
    services.except_enterprise(agreement, enterprise=listed.enterprise, reason="x", by=jilin)
    proposal = make.recognition(make.white_list("320000"), by="220000", accepted=False)
    client = page(jilin)
    client.cookies["language"] = language
    here = f"/recognitions/{agreement.pk}/"
    for where in (
        "/recognitions/", "/recognitions/?status=withdrawn", "/recognitions/add/", "/recognitions/add/?side=offer",
        "/recognitions/matrix/", here, f"{here}withdraw/", f"{here}exceptions/add/", f"/recognitions/{proposal.pk}/",
        "/recognised/", "/recognised/?q=zzz", "/recognised/ask/", "/lists/",
        f"/recognised/ask/?uscc={listed.enterprise.code}&division=220000&as_of={TODAY}",
    ):  # fmt: skip
        with translation.override(language):
            assert client.get(where).status_code == 200, where
