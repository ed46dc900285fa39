"""The product's addresses and the bare lists they are measured against."""

from django.urls import path

from tests.bench.bare import bare, enterprise
from whitelist.urls import handler400, handler403, handler404, handler500
from whitelist.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("bare/<str:name>/", bare),
    path("bare-enterprise/<str:code>/", enterprise),
    *product,
]
