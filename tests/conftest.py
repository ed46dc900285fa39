import pytest
from django.db import connection, transaction
from django.utils import translation
from pytest_django.plugin import blocking_manager_key
from rest_framework.test import APIClient

from tests import builders

KEPT = pytest.StashKey[dict]()


@pytest.fixture(autouse=True)
def english():
    """Every test begins in English, whatever language a request before it asked for."""
    with translation.override("en"):
        yield


@pytest.fixture
def make(db):
    return builders.make


@pytest.fixture
def shanghai(make):
    return make.user("310000", username="shanghai")


@pytest.fixture
def jilin(make):
    return make.user("220000", username="jilin")


@pytest.fixture
def changchun(make):
    return make.user("220100", username="changchun")


@pytest.fixture
def ministry(make):
    return make.user("000000", username="ministry")


@pytest.fixture
def api(make):
    """An API client for a user: `api(shanghai).get("/api/v1/…")`."""

    def client_of(user=None):
        client = APIClient()
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {builders.token(user)}")
        return client

    return client_of


@pytest.fixture
def page(make, client):
    """A browser-less client signed in as a user: `page(shanghai).get("/lists/")`."""

    def client_of(user=None):
        if user is not None:
            client.force_login(user, backend="whitelist.accounts.backend.PasswordBackend")
        return client

    return client_of


@pytest.fixture
def kept_rows(request, django_db_setup, django_db_blocker):
    """Remembers what the migrations wrote before a test that commits: emptying the tables takes it away."""
    kept = {}
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for name in connection.introspection.django_table_names(only_existing=False):
            with cursor.copy(f"COPY {name} TO STDOUT") as rows:
                kept[name] = b"".join(rows)
    request.node.stash[KEPT] = {name: content for name, content in kept.items() if content}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Puts the kept rows back when every fixture of the test is gone, the one that empties the tables too.

    After the last test the database itself is gone.
    """
    outcome = yield
    kept = item.stash.get(KEPT, None)
    if kept and nextitem is not None:
        with item.config.stash[blocking_manager_key].unblock(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name, content in kept.items():
                cursor.execute(f"DELETE FROM {name}")
                with cursor.copy(f"COPY {name} FROM STDIN") as rows:
                    rows.write(content)
    return outcome


@pytest.fixture
def committed(kept_rows, transactional_db):
    """Builders for tests whose threads must see what was written: every statement commits."""
    return builders.make
