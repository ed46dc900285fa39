"""The one question: recognised there, on that day, on what ground."""

from datetime import timedelta

import pytest

from enterprises.models import Listing, WhiteList
from enterprises.recognition import services
from enterprises.recognition.question import recognised
from whitelist.core.days import today

TODAY = today()
SHANGHAI, PUDONG, JILIN, CHANGCHUN, JIANGSU = "310000", "310115", "220000", "220100", "320000"


def bases(enterprise, division, day=TODAY):
    return [ground.basis for ground in recognised(enterprise, division, day)]


@pytest.fixture
def listed(make):
    return make.listing()


def test_the_ministrys_list_counts_everywhere(make):
    listing = make.listing(on=make.white_list("000000"))
    assert bases(listing.enterprise, JILIN) == bases(listing.enterprise, PUDONG) == ["ministry"]


def test_a_list_counts_in_its_own_division_and_below_and_nowhere_else(make, listed):
    assert bases(listed.enterprise, SHANGHAI) == bases(listed.enterprise, PUDONG) == ["own"]
    assert bases(listed.enterprise, JILIN) == []


def test_a_city_under_separate_planning_keeps_its_own_list(make):
    listing = make.listing(of=make.enterprise("210204"), on=make.white_list("210200"))
    assert bases(listing.enterprise, "210204") == ["own"]
    assert bases(listing.enterprise, "210000") == bases(listing.enterprise, "210100") == []


def test_an_agreement_counts_in_the_recognisers_division_and_below(make, listed):
    agreement = make.recognition(listed.white_list, by=JILIN)
    (ground,) = recognised(listed.enterprise, CHANGCHUN, TODAY)
    assert (ground.basis, ground.agreement, ground.until) == ("agreement", agreement.pk, agreement.until)
    assert (ground.white_list, ground.batch) == (listed.white_list_id, listed.opened_by_id)


def test_an_agreement_of_a_prefecture_does_not_bind_its_province(make, listed):
    make.recognition(listed.white_list, by=CHANGCHUN)
    assert bases(listed.enterprise, CHANGCHUN) == ["agreement"]
    assert bases(listed.enterprise, JILIN) == []


def test_recognition_is_never_passed_on(make, listed):
    make.recognition(listed.white_list, by=JILIN)
    make.recognition(make.white_list(JILIN), by=JIANGSU)
    assert bases(listed.enterprise, JILIN) == ["agreement"]
    assert bases(listed.enterprise, JIANGSU) == []


def test_what_is_only_proposed_does_not_count(make, listed):
    make.recognition(listed.white_list, by=JILIN, accepted=False)
    assert bases(listed.enterprise, JILIN) == []


def test_an_agreement_covers_the_chains_and_fields_it_names(make):
    white_list = make.white_list()
    car = make.listing(of=make.enterprise(chain="automobiles", field="strategic"), on=white_list)
    food = make.listing(of=make.enterprise(chain="food", field="necessities"), on=white_list)
    make.recognition(white_list, by=JILIN, chains=["automobiles", "medicine"])
    make.recognition(white_list, by=JIANGSU, fields=["necessities"])
    assert [bases(each.enterprise, JILIN) for each in (car, food)] == [["agreement"], []]
    assert [bases(each.enterprise, JIANGSU) for each in (car, food)] == [[], ["agreement"]]


def test_it_lapses_by_the_clock_alone(make, listed):
    last = TODAY + timedelta(days=3)
    make.recognition(listed.white_list, by=JILIN, until=last)
    assert bases(listed.enterprise, JILIN, last) == ["agreement"]
    assert bases(listed.enterprise, JILIN, last + timedelta(days=1)) == []


def test_nothing_counts_after_the_list_has_ended(make):
    listing = make.listing(on=make.white_list(ends_on=TODAY + timedelta(days=5)))
    (ground,) = recognised(listing.enterprise, SHANGHAI, TODAY)
    assert ground.until == TODAY + timedelta(days=4)
    assert bases(listing.enterprise, SHANGHAI, TODAY + timedelta(days=4)) == ["own"]
    assert bases(listing.enterprise, SHANGHAI, TODAY + timedelta(days=5)) == []


def test_an_excepted_enterprise_does_not_count_until_the_exception_ends(make, listed):
    agreement = make.recognition(listed.white_list, by=JILIN)
    jilin = make.user(JILIN)
    made = services.except_enterprise(agreement, enterprise=listed.enterprise, reason="no such plant", by=jilin)
    assert bases(listed.enterprise, JILIN) == []
    services.end_exception(made, by=jilin)
    assert bases(listed.enterprise, JILIN) == ["agreement"]


def test_a_removal_at_the_source_shows_at_once(make, listed):
    make.recognition(listed.white_list, by=JILIN)
    make.batch("published", on=listed.white_list, enterprises=[listed.enterprise], action="remove", effective_on=TODAY)
    assert bases(listed.enterprise, JILIN) == []
    assert bases(listed.enterprise, JILIN, TODAY - timedelta(days=1)) == []  # the agreement began today


def test_a_withdrawal_ends_it_at_once(make, listed):
    agreement = make.recognition(listed.white_list, by=JILIN)
    services.withdraw_recognition(agreement, by=make.user(SHANGHAI), note="mistaken")
    assert bases(listed.enterprise, JILIN) == []


def test_whoever_recognises_a_list_sees_it_and_the_listings_it_covers(make, jilin, changchun):
    white_list = make.white_list()
    car = make.listing(of=make.enterprise(chain="automobiles"), on=white_list)
    make.listing(of=make.enterprise(chain="food"), on=white_list)
    assert not WhiteList.objects.visible_to(jilin).exists()
    make.recognition(white_list, by=JILIN, chains=["automobiles"])
    for user in (jilin, changchun):
        assert list(WhiteList.objects.visible_to(user)) == [white_list]
        assert list(Listing.objects.visible_to(user)) == [car]


def test_a_recogniser_sees_nothing_else_of_the_enterprise(make, jilin, page):
    listing = make.listing()
    make.recognition(listing.white_list, by=JILIN)
    assert page(jilin).get(listing.enterprise.get_absolute_url()).status_code == 404


def test_the_difference_of_a_recognised_list_shows_what_the_agreement_covers(make, jilin, page, api):
    white_list = make.white_list()
    firms = [make.enterprise(chain=chain) for chain in ("automobiles", "food")]
    make.batch("published", on=white_list, enterprises=firms)
    make.recognition(white_list, by=JILIN, chains=["automobiles"])
    text = page(jilin).get(f"{white_list.get_absolute_url()}diff/").content.decode()
    assert firms[0].name in text and firms[1].name not in text
    told = str(api(jilin).get(f"/api/v1/white-lists/{white_list.pk}/diff/").json())
    assert firms[0].uscc in told and firms[1].uscc not in told
