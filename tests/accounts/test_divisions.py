"""Divisions are at hand: whoever has a row has its division and those above, without a join or a query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Enterprise
from whitelist.accounts.divisions import divisions_below, known_divisions
from whitelist.accounts.models import Division, Office

pytestmark = pytest.mark.django_db


def test_all_divisions_are_known_in_the_order_of_their_codes():
    assert list(known_divisions()) == list(Division.objects.order_by("code").values_list("pk", flat=True))


def test_a_row_brings_its_division_and_those_above_along(make):
    known_divisions()
    row = Enterprise.objects.get(pk=make.enterprise("310115").pk)
    with CaptureQueriesContext(connection) as captured:
        assert [row.division.pk, row.division.parent.parent.pk] == ["310115", "310000"]
        assert row.registered_division is None
    assert not captured.captured_queries


def test_a_division_that_came_later_is_asked_for(make):
    known_divisions()
    Division.objects.create(code="999901", name="新区", name_en="New District", level="county", parent_id="310000")
    office = Office.objects.get(pk=make.office("310000").pk)
    office.division_id = "999901"
    assert office.division.name == "新区" and office.division.parent.pk == "310000"


def test_the_divisions_below_one():
    assert [each.pk for each in divisions_below("220000")][:2] == ["220100", "220200"]
    assert divisions_below("310115") == divisions_below("123456") == []


def test_in_migrations_it_is_a_plain_foreign_key():
    assert Office._meta.get_field("division").deconstruct()[1] == "django.db.models.ForeignKey"
