"""A bare list of Django REST framework: one table, a serializer made from its model, the product's own sign-in."""

from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.serializers import ModelSerializer

PAGE_SIZE = 50
HEAVY = {"file", "search", "password", "digest", "content", "cells", "values", "changes", "faults"}
_views: dict = {}


class Pages(PageNumberPagination):
    page_size = PAGE_SIZE


def offer(name, rows):
    """Put a bare list of these rows at `/bare/<name>/`."""
    columns = [field.name for field in rows.model._meta.concrete_fields if field.name not in HEAVY]
    meta = type("Meta", (), {"model": rows.model, "fields": columns})
    serializer = type("BareSerializer", (ModelSerializer,), {"Meta": meta})
    fields = {"queryset": rows.order_by("pk"), "serializer_class": serializer, "pagination_class": Pages}
    _views[name] = type("BareList", (ListAPIView,), fields).as_view()
    return f"/bare/{name}/"


def bare(request, name):
    return _views[name](request)
