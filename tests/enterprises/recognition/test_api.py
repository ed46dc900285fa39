"""Recognition over REST: the steps of two offices, exceptions, the matrix, the effective list, and the question."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Recognition
from enterprises.recognition import services
from tests.enterprises.whitelists.asking import ROOT, pointers
from whitelist.accounts.divisions import known_divisions
from whitelist.core.days import today

TODAY = today()
TERMS = {"since": str(TODAY), "until": str(TODAY + timedelta(days=30))}
RECOGNITIONS = f"{ROOT}recognitions/"


@pytest.fixture
def listed(make):
    return make.listing()


@pytest.fixture
def agreement(make, listed):
    return make.recognition(listed.white_list, by="220000")


def ask(client, firm, division="220000", **query):
    return client.get(f"{ROOT}recognition/", {"uscc": firm.code, "division": division, **query})


# The question


def test_the_question_answers_with_its_grounds(api, shanghai, listed, agreement):
    answer = ask(api(shanghai), listed.enterprise)
    assert answer.status_code == 200
    assert answer.json() == {
        "as_of": str(TODAY),
        "recognised": True,
        "grounds": [
            {
                "list": listed.white_list_id,
                "batch": listed.opened_by_id,
                "basis": "agreement",
                "agreement": agreement.pk,
                "until": str(agreement.until),
            }
        ],
    }
    assert ask(api(shanghai), listed.enterprise, as_of=str(TODAY - timedelta(days=1))).json() == {
        "as_of": str(TODAY - timedelta(days=1)),
        "recognised": False,
        "grounds": [],
    }


def test_a_list_of_the_division_and_of_those_above_comes_before_an_agreement(make, api, jilin, listed, agreement):
    make.listing(of=listed.enterprise, on=make.white_list("220000"))
    make.listing(of=listed.enterprise, on=make.white_list("000000"))
    grounds = ask(api(jilin), listed.enterprise, "220102").json()["grounds"]
    assert [ground["basis"] for ground in grounds] == ["own", "ministry", "agreement"]


def test_the_division_is_ones_own_where_none_is_named(api, jilin, listed, agreement):
    assert api(jilin).get(f"{ROOT}recognition/?uscc={listed.enterprise.code}").json()["recognised"] is True


def test_an_enterprise_without_a_code_is_asked_by_its_registration_number(make, api, jilin, agreement):
    old = make.enterprise(uscc=None, registration_no="310115000000001")
    make.listing(of=old, on=agreement.white_list)
    assert ask(api(jilin), old).json()["recognised"] is True


def test_a_code_that_nobody_has_is_answered_like_one_that_counts_nowhere(make, api, jilin, agreement):
    here, nobody = make.enterprise(), {"uscc": make.uscc(), "division": "220000"}
    assert api(jilin).get(f"{ROOT}recognition/", nobody).json() == ask(api(jilin), here).json()


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("", "/uscc", "not_a_code"),
        ("?uscc=123", "/uscc", "not_a_code"),
        ("?uscc=91310115MA1X000019&division=999999", "/division", "unknown_division"),
        ("?uscc=91310115MA1X000019&as_of=yesterday", "/as_of", "not_a_day"),
        ("?uscc=91310115MA1X000019&day=2022-05-01", "/day", "unknown_parameter"),
        ("?uscc=91310115MA1X000019&limit=5", "/limit", "unknown_parameter"),
    ],
)
def test_a_question_that_is_not_right_names_what(api, jilin, query, pointer, code):
    refused = api(jilin).get(f"{ROOT}recognition/{query}")
    assert refused.status_code == 400 and pointers(refused) == {(pointer, code)}


def test_checkpoints_and_systems_ask_and_enterprises_do_not(make, api, listed, agreement):
    checkpoint = make.user("220000", office=make.office("220000", "checkpoint"), duties=["view", "verify"])
    system = make.user("510000", is_system=True, duties=["view"])
    for user in (checkpoint, system):
        assert ask(api(user), listed.enterprise).json()["recognised"] is True
    assert ask(api(make.clerk(listed.enterprise)), listed.enterprise).status_code == 403
    assert ask(api(), listed.enterprise).status_code == 401


def test_the_question_takes_three_queries_at_most_sign_in_included(make, api, jilin, listed, agreement):
    for code in ("220000", "220100", "000000"):
        make.listing(of=listed.enterprise, on=make.white_list(code))
    client = api(jilin)
    known_divisions()
    for number in (1, 2):
        with CaptureQueriesContext(connection) as captured:
            assert len(ask(client, listed.enterprise, "220102").json()["grounds"]) == 4
        asked = [each["sql"] for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(asked) <= 3 and (number == 1 or len(asked) <= 2), asked


def test_what_page_and_api_answer_is_what_the_function_answers(make, api, jilin, changchun, listed, agreement):
    from enterprises.recognition.question import recognised

    for division in ("310000", "310115", "220000", "220102", "320000", "000000"):
        told = ask(api(jilin), listed.enterprise, division).json()["grounds"]
        known = recognised(listed.enterprise, division, TODAY)
        assert [(each["list"], each["basis"], each["until"]) for each in told] == [
            (each.white_list, each.basis, str(each.until)) for each in known
        ]


# Agreements


def test_two_offices_agree_step_by_step(make, api, shanghai, jilin, listed):
    asked = {**TERMS, "white_list": listed.white_list_id, "chains": ["automobiles"], "fields": ["strategic"]}
    made = api(jilin).post(f"{RECOGNITIONS}propose/", asked)
    assert made.status_code == 201
    body, where = made.json(), f"{RECOGNITIONS}{made.json()['id']}/"
    assert (body["status"], body["chains"], body["fields"]) == ("proposed", ["automobiles"], ["strategic"])
    assert (body["recogniser"]["division"], body["white_list"]["id"]) == ("220000", listed.white_list_id)
    assert (body["steps"], api(shanghai).get(where).json()["steps"]) == (["withdraw"], ["accept", "withdraw"])
    assert api(jilin).post(f"{where}accept/", {}).status_code == 403
    assert api(shanghai).post(f"{where}accept/", {"note": "gladly"}).json()["held_from"] == str(TODAY)
    assert api(shanghai).post(f"{where}accept/", {}).status_code == 409
    assert api(shanghai).post(f"{where}withdraw/", {}).status_code == 400
    ended = api(shanghai).post(f"{where}withdraw/", {"note": "closed"})
    assert (ended.json()["status"], ended.json()["held_from"], ended.json()["steps"]) == ("withdrawn", None, [])


def test_of_ones_own_list_the_recogniser_is_named(make, api, shanghai):
    white_list = make.white_list()
    make.office("220000")
    body = {**TERMS, "white_list": white_list.pk}
    assert pointers(api(shanghai).post(RECOGNITIONS, body)) == {("/recogniser", "required")}
    unknown = api(shanghai).post(RECOGNITIONS, {**body, "recogniser": "999999"})
    assert pointers(unknown) == {("/recogniser", "unknown")}
    assert api(shanghai).post(RECOGNITIONS, {**body, "recogniser": "220000"}).status_code == 201


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"white_list": 10**20}, "/white_list"),
        ({"white_list": "x"}, "/white_list"),
        ({"chains": ["magic"]}, "/chains"),
        ({"fields": "all"}, "/fields"),
        ({"until": "never"}, "/until"),
        ({"scope": "everything"}, "/scope"),
        ({"recogniser": "22"}, "/recogniser"),
    ],
)
def test_a_proposal_is_refused_field_by_field(make, api, jilin, changed, pointer):
    refused = api(jilin).post(RECOGNITIONS, {**TERMS, "white_list": make.white_list().pk} | changed)
    assert refused.status_code == 400
    assert {told.rpartition("/0")[0] or told for told, _code in pointers(refused)} == {pointer}


def test_the_ministrys_list_is_not_offered_and_only_deciders_propose(make, api, jilin):
    body = {**TERMS, "white_list": make.white_list("000000").pk}
    assert api(jilin).post(RECOGNITIONS, body).status_code == 400
    assert api(make.user("220000", duties=["view", "edit"])).post(RECOGNITIONS, body).status_code == 403


def test_the_same_key_proposes_once(make, api, jilin):
    body, client = {**TERMS, "white_list": make.white_list().pk}, api(jilin)
    first, again = (client.post(RECOGNITIONS, body, headers={"Idempotency-Key": "k" * 8}) for _ in range(2))
    assert first.json() == again.json() and Recognition.objects.count() == 1


def test_strangers_find_nothing(make, api, agreement):
    stranger = api(make.user("510000"))
    assert stranger.get(RECOGNITIONS).json()["count"] == 0
    for where in ("", "exceptions/"):
        assert stranger.get(f"{RECOGNITIONS}{agreement.pk}/{where}").status_code == 404
    assert stranger.post(f"{RECOGNITIONS}{agreement.pk}/withdraw/", {"note": "x"}).status_code == 404


def test_a_filter_that_is_unknown_or_wrong_is_refused(api, jilin):
    for query in ("?recogniser=22", "?status=gone", "?nothing=1", "?white_list=x", "?as_of=soon"):
        assert api(jilin).get(f"{RECOGNITIONS}{query}").status_code == 400, query


def test_exceptions_are_made_listed_and_ended_by_the_recogniser(make, api, shanghai, jilin, listed, agreement):
    where, body = f"{RECOGNITIONS}{agreement.pk}/exceptions/", {"enterprise": listed.enterprise.code, "reason": "moved"}
    assert api(shanghai).post(where, body).status_code == 403
    assert pointers(api(jilin).post(where, {**body, "enterprise": make.uscc()})) == {("/enterprise", "not_listed")}
    made = api(jilin).post(where, body)
    assert made.status_code == 201 and made.json()["enterprise"]["uscc"] == listed.enterprise.code
    assert api(jilin).post(where, body).status_code == 409
    assert ask(api(jilin), listed.enterprise).json()["recognised"] is False
    assert api(shanghai).get(where).json()["count"] == 1
    end = f"{where}{made.json()['id']}/end/"
    assert api(shanghai).post(end, {}).status_code == 403
    assert api(jilin).post(end, {}).json()["until"] == str(TODAY)
    assert api(jilin).post(end, {}).status_code == 409
    assert ask(api(jilin), listed.enterprise).json()["recognised"] is True


def test_a_removal_at_the_source_is_seen_by_the_recognisers_next_request(make, api, jilin, listed, agreement):
    client = api(jilin)
    assert ask(client, listed.enterprise).json()["recognised"] is True
    make.batch("published", on=listed.white_list, enterprises=[listed.enterprise], action="remove", effective_on=TODAY)
    assert ask(client, listed.enterprise).json()["recognised"] is False
    assert client.get(f"{ROOT}recognised/").json()["count"] == 0


# Everything at once


def test_the_effective_list_names_each_rows_ground(make, api, jilin, changchun, listed, agreement):
    answer = api(jilin).get(f"{ROOT}recognised/").json()
    (row,) = answer["results"]
    assert (answer["as_of"], row["enterprise"]["uscc"], row["basis"]) == (
        str(TODAY),
        listed.enterprise.code,
        "agreement",
    )
    assert (row["list"], row["agreement"]) == (listed.white_list_id, agreement.pk)
    assert api(changchun).get(f"{ROOT}recognised/?basis=agreement").json()["count"] == 1
    assert api(changchun).get(f"{ROOT}recognised/?basis=own").json()["count"] == 0
    for query, status in (("division=310000", 404), ("division=xx", 404), ("basis=mine", 400), ("as_of=x", 400)):
        assert api(jilin).get(f"{ROOT}recognised/?{query}").status_code == status


def test_the_effective_list_takes_as_many_queries_for_forty_rows_as_for_two(make, api, jilin, agreement):
    make.listing(on=agreement.white_list)
    client, counts = api(jilin), []
    for number in (2, 38):
        make.batch("published", on=agreement.white_list, enterprises=[make.enterprise() for _ in range(number)])
        client.get(f"{ROOT}recognised/")
        with CaptureQueriesContext(connection) as captured:
            assert len(client.get(f"{ROOT}recognised/?limit=200").json()["results"]) > number
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_matrix_as_numbers(make, api, ministry, jilin, agreement):
    told = api(ministry).get(f"{ROOT}recognitions/matrix/").json()
    assert told["cells"] == [{"recogniser": "220000", "source": "310000", "enterprises": 1}]
    assert (told["as_of"], told["everywhere"]) == (str(TODAY), 0)
    services.withdraw_recognition(agreement, by=jilin, note="over")
    assert api(ministry).get(f"{ROOT}recognitions/matrix/").json()["cells"] == []
