"""The address map: pages at /, the API at /api/v1/, operations beside them."""

from django.conf import settings
from django.urls import include, path, register_converter

from whitelist.core.converters import CodeConverter, DayConverter

register_converter(DayConverter, "day")
register_converter(CodeConverter, "code")

api = [
    path("", include("whitelist.accounts.api_urls")),
    path("", include("whitelist.audit.api_urls")),
    path("", include("whitelist.delivery.api_urls")),
    path("", include("whitelist.sheets.api_urls")),
    path("", include("enterprises.api_urls")),
    path("", include("alerts.api_urls")),
    path("", include("whitelist.core.api_urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("", include("whitelist.core.urls")),
    path("", include("whitelist.accounts.urls")),
    path("", include("whitelist.audit.urls")),
    path("", include("whitelist.delivery.urls")),
    path("", include("whitelist.sheets.urls")),
    path("", include("enterprises.urls")),
    path("", include("alerts.urls")),
]

handler400 = "whitelist.core.pages.bad_request"
handler403 = "whitelist.core.pages.forbidden"
handler404 = "whitelist.core.pages.not_found"
handler500 = "whitelist.core.pages.server_error"

if settings.IS_DEMO:
    urlpatterns.append(path("styleguide/", include("whitelist.core.styleguide_urls")))
