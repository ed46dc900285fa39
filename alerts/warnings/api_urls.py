from django.urls import path

from alerts.warnings import api
from enterprises.resumption.api_urls import daily_report_urls
from whitelist.core.api import collection, one

urlpatterns = [
    *daily_report_urls(api.JudgedReportEndpoint),
    path("warnings/", collection(api.WarningListEndpoint, get="list"), name="api-warning-list"),
    path("warnings/<int:pk>/", one(api.WarningEndpoint, get="retrieve"), name="api-warning-detail"),
    path(
        "warnings/<int:pk>/acknowledge/",
        one(api.WarningEndpoint, post="acknowledge"),
        name="api-warning-acknowledge",
    ),
    path("warnings/<int:pk>/why/", one(api.WarningEndpoint, get="why"), name="api-warning-why"),
    path("warnings/<int:pk>/downstream/", one(api.WarningEndpoint, get="downstream"), name="api-warning-downstream"),
    path("warnings/<int:pk>/alternates/", one(api.WarningEndpoint, get="alternates"), name="api-warning-alternates"),
    path("warning-rules/", collection(api.WarningRuleEndpoint, get="list"), name="api-warning-rule-list"),
    path(
        "warning-runs/",
        collection(api.WarningRunEndpoint, get="list", post="create"),
        name="api-warning-run-list",
    ),
    path("warning-runs/<day:day>/", one(api.WarningRunEndpoint, get="retrieve"), name="api-warning-run-detail"),
    path(
        "statistics/warnings/",
        collection(api.WarningStatisticsEndpoint, get="list"),
        name="api-warning-statistics",
    ),
]
