import pytest
from django.db import connection


@pytest.fixture
def restored(django_db_setup, django_db_blocker):
    """Puts the migrations' rows back after a test that commits: emptying the tables took them away."""
    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


@pytest.fixture
def committed(restored, transactional_db, django_db_serialized_rollback):
    """For tests whose threads must see what was written: real transactions instead of one that is rolled back."""
