import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """What is drawn outside a request is in English, whatever the request before it spoke."""
    with translation.override("en"):
        yield
