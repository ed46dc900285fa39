"""Addresses of pages and rows are those that Django would write."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.urls import NoReverseMatch, reverse, set_script_prefix

from whitelist.core.addresses import address_of, page_address


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("batch-detail", 1),
        ("batch-detail", 987654321),
        ("enterprise-detail", "91310115MA1X000019"),
        ("enterprise-detail", "310115000012345"),
        ("enterprise-detail", 17),
        ("audit-object", 5),
    ],
)
def test_the_address_of_a_row(name, key):
    assert address_of(name, key) == reverse(name, args=[key]) == drawn(f"{{% url '{name}' key %}}", key=key)


def test_the_address_of_a_page():
    assert page_address("batch-list") == reverse("batch-list") == drawn('{% url "batch-list" %}')


@pytest.mark.parametrize("key", ["", "a b", "../secret", "<b>"])
def test_what_is_no_key_has_no_address(key):
    with pytest.raises(NoReverseMatch):
        address_of("enterprise-detail", key)


def test_under_a_prefix_of_the_server_all_addresses_have_it():
    try:
        set_script_prefix("/white/")
        assert address_of("batch-detail", 3) == "/white/batches/3/"
        assert page_address("batch-list") == "/white/batches/"
    finally:
        set_script_prefix("/")
    assert address_of("batch-detail", 3) == "/batches/3/"


def test_everything_else_is_left_to_django():
    assert drawn('{% url "report-day" code day %}', code="91310115MA1X000019", day="2022-05-01").endswith(
        "/2022-05-01/"
    )
    assert drawn('{% url "batch-detail" pk=4 as here %}[{{ here }}]') == f"[{reverse('batch-detail', args=[4])}]"
    assert drawn("{% url name %}", name="batch-list") == reverse("batch-list")
    with pytest.raises(TemplateSyntaxError):
        Template("{% url %}")


def drawn(source, **context):
    return Template(source).render(Context(context))
