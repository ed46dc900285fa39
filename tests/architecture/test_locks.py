"""Locks one to three as the code stands: every model scoped, every view on our bases, no query past the scope."""

import ast

import pytest
from django.apps import apps
from django.urls import URLResolver, get_resolver

from tests.architecture.house import kind_of, modules, tree
from whitelist.core.access import Page
from whitelist.core.api import Endpoint
from whitelist.core.scoping import ScopedModel

OURS = {"core", "accounts", "audit", "delivery", "sheets", "enterprises", "logistics", "alerts"}
PUBLIC = {
    "health": "says only that the process answers",
    "ready": "says only that its parts answer",
    "keys": "public keys are for everybody",
    "set_language": "a cookie",
    "sign-in": "the door itself",
    "sign-out": "leaving is always allowed",
    "schema": "the contract is public",
    "schema-yaml": "the contract is public",
    "api-docs": "the contract is public",
    "styleguide": "demonstration mode only, invented data",
}


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_model_says_who_may_see_it(model):
    if issubclass(model, ScopedModel):
        assert "scope" in model.__dict__, f"{model.__name__} inherits a scope it did not choose"
    else:
        assert getattr(model, "unscoped_because", ""), f"{model.__name__} is neither scoped nor says why not"


def addresses(patterns=None, prefix="/"):
    """Every address with its name and view class."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            view = pattern.callback
            yield route, pattern.name, getattr(view, "cls", None) or getattr(view, "view_class", None)


@pytest.mark.parametrize(("route", "name", "view"), list(addresses()), ids=lambda value: str(value))
def test_every_view_stands_on_our_bases(route, name, view):
    assert name, f"{route} has no name"
    if name in PUBLIC:
        return
    assert view is not None and issubclass(view, (Page, Endpoint)), f"{route} is not a Page or an Endpoint"
    assert callable(view.access), f"{route} does not declare access"


def surfaces():
    """Where a query past the scope could hide; `core` is where the scope is applied."""
    kinds = ("pages", "api", "forms", "serializers", "filters")
    return [
        (name, path) for name, path in modules() if kind_of(name) in kinds and not name.startswith("whitelist.core")
    ]


@pytest.mark.parametrize(("name", "path"), surfaces(), ids=lambda value: value if isinstance(value, str) else "")
def test_surfaces_never_query_past_the_scope(name, path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager", "_default_manager"):
            raise AssertionError(
                f"{name}:{node.lineno} asks {node.attr}: start from get_queryset(), visible() or a service"
            )


def test_a_view_without_access_cannot_be_written():
    with pytest.raises(TypeError, match="does not declare access"):
        type("Careless", (Page,), {})
    with pytest.raises(TypeError, match="defines queryset"):
        type("Stubborn", (Page,), {"access": lambda user: True, "queryset": ()})
    with pytest.raises(TypeError, match="does not declare access"):
        type("CarelessEndpoint", (Endpoint,), {})
