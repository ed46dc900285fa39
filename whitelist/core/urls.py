from django.urls import path
from django.views.i18n import set_language

from whitelist.core import pages

urlpatterns = [
    path("healthz", pages.Health.as_view(), name="health"),
    path(".well-known/whitelist/keys.json", pages.Keys.as_view(), name="keys"),
    path("language/", set_language, name="set_language"),
]
