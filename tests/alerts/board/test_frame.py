"""The frame says who one is and what waits, and costs nothing until it is drawn."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from alerts.board.frame import frame
from alerts.warnings.services import run
from enterprises.resumption.services import freeze_due
from whitelist.accounts.models import Duty, User
from whitelist.core.days import yesterday
from whitelist.delivery.services import notify


def around(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return frame(request)["frame"]


def labels(user):
    return [entry.label for entry in around(user).navigation]


@pytest.fixture
def red_firm(make):
    """A firm of Shanghai with two days of stock, judged yesterday."""
    firm, part, day = make.enterprise(), make.material(), yesterday()
    make.listing(firm, since=day - timedelta(days=5))
    make.report(firm, day, stock=[(part, 200, 100)])
    freeze_due(day)
    run(day)
    return firm


def test_nobody_gets_the_mark_and_the_language_alone(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        nobody = around(AnonymousUser())
        assert (nobody.navigation, nobody.notices) == ((), 0)
        assert nobody.other_language["code"] == "zh-hans"


def test_offices_see_their_work_and_administrators_one_entry_more(make, shanghai):
    reader = make.user("310000", duties=[Duty.VIEW])
    assert "Users" in labels(shanghai)
    assert "Users" not in labels(reader)
    assert "Imports" not in labels(reader)
    assert labels(reader)[0] == "Board"


def test_a_checkpoint_sees_no_lists(make):
    assert labels(make.user(office=make.office("310000", "checkpoint"), duties=[Duty.VIEW])) == ["Board"]


def test_open_reds_are_counted_within_the_scope(make, red_firm, ministry, shanghai, jilin):
    def count(user):
        return next(entry.number for entry in around(user, "/warnings/").navigation if entry.label == "Warnings")

    assert [count(user) for user in (ministry, shanghai, jilin, make.clerk(red_firm))] == [1, 1, 0, 1]


def test_one_entry_is_current(shanghai):
    assert [entry.label for entry in around(shanghai, "/warnings/7/").navigation if entry.is_current] == ["Warnings"]


def test_a_page_pays_two_queries_for_it_and_none_when_it_is_not_drawn(red_firm, shanghai, django_assert_num_queries):
    notify([shanghai], "Look here.", key="look")
    shanghai = User.objects.for_request().get(pk=shanghai.pk)
    with django_assert_num_queries(0):
        drawn = around(shanghai)
    with django_assert_num_queries(2):
        html = render_to_string("parts/navigation.html", {"entries": drawn.navigation, "place": "wide"})
        assert drawn.notices == 1
    assert 'class="count">1<' in html
