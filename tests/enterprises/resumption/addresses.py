"""The product's addresses with the room's own endpoint of reports, without the judgement from upstairs."""

from django.urls import include, path

from enterprises.resumption.api import DailyReportEndpoint
from enterprises.resumption.api_urls import daily_report_urls
from whitelist.urls import handler400, handler403, handler404, handler500
from whitelist.urls import urlpatterns as everything

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("api/v1/", include(daily_report_urls(DailyReportEndpoint))), *everything]
