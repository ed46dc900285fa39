"""What the product is measured against: lists of Django REST framework made from one table with the product's own
sign-in, and a view of Django alone that asks one indexed query."""

from django.http import JsonResponse
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.serializers import ModelSerializer

from enterprises.models import Enterprise

PAGE_SIZE = 50
HEAVY = {"file", "search", "password", "digest", "content", "said", "values", "changes", "faults"}
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


def enterprise(request, code):
    found = Enterprise.objects.filter(uscc=code).values("name", "status").first()
    return JsonResponse(found or {}, status=200 if found else 404)
