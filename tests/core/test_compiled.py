"""A compiled query answers what the query answers, with other values, and the database keeps its plan."""

import pytest
from django.db import DataError, connection, transaction

from whitelist.accounts.models import User
from whitelist.core.compiled import Compiled, prepared

pytestmark = pytest.mark.django_db


def by_name():
    return Compiled(User.objects.for_request().filter(username="?").order_by("pk")[:1])


def plans_kept():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%accounts_user%'")
        return cursor.fetchone()[0]


def asked(compiled, name):
    return compiled.first(lambda mark: name if mark == "?" else mark)


def test_it_brings_the_row_with_all_that_the_query_selects(make, django_assert_num_queries):
    users = make.user("310000"), make.user("220000"), make.clerk(make.enterprise())
    compiled = by_name()
    for user in users:
        found, whose = asked(compiled, user.username), user.belongs_to
        with django_assert_num_queries(0):
            assert (found, found.duties, found.office_id) == (user, user.duties, user.office_id)
            assert found.belongs_to == whose
    assert asked(compiled, "nobody") is None


def test_the_plan_is_kept_once_for_all_values(make):
    users, compiled, before = [make.user("310000"), make.user("220000")], by_name(), plans_kept()
    for user in users * 8:
        assert asked(compiled, user.username) == user
    assert plans_kept() == before + 1


def test_after_a_transaction_that_failed_it_answers_on(make):
    user, compiled = make.user("310000"), by_name()
    assert asked(compiled, user.username) == user
    with pytest.raises(RuntimeError), transaction.atomic():
        asked(compiled, user.username)
        raise RuntimeError
    assert asked(compiled, user.username) == user


def test_recorded_statements_show_their_values(make, django_assert_num_queries):
    user, compiled = make.user("310000"), by_name()
    with django_assert_num_queries(1) as captured:
        asked(compiled, user.username)
    assert user.username in captured.captured_queries[0]["sql"]


def by_username(name):
    return User.objects.for_request().filter(username=name).order_by("pk").first()


def test_queries_within_prepared_keep_their_plan_and_others_do_not(make):
    users, before = [make.user("310000"), make.user("220000")], plans_kept()
    for user in users * 8:
        assert by_username(user.username) == user
    assert plans_kept() == before
    for user in users * 8:
        with prepared():
            assert by_username(user.username) == user
    assert plans_kept() == before + 1


def test_after_a_failure_within_prepared_all_is_as_before(make):
    user, usual = make.user("310000"), connection.connection.cursor_factory
    with pytest.raises(DataError), transaction.atomic(), prepared():
        connection.cursor().execute("SELECT 1/0")
    assert connection.connection.cursor_factory is usual
    assert by_username(user.username) == user


def test_what_is_recorded_within_prepared_shows_its_values(make, django_assert_num_queries):
    user = make.user("310000")
    with django_assert_num_queries(1) as captured, prepared():
        by_username(user.username)
    assert user.username in captured.captured_queries[0]["sql"]
