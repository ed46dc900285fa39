import pytest
from rest_framework.test import APIClient

from tests import builders


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
