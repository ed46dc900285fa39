from django.urls import path

from enterprises.resumption.api import ReportDueEndpoint, StockEndpoint
from enterprises.resumption.reminders.api import ReminderEndpoint
from enterprises.resumption.statistics.api import StatisticsEndpoint
from whitelist.core.api import collection, one


def daily_report_urls(endpoint):
    """The addresses of reports. The room that judges stock mounts them with its own subclass."""
    return [
        path("daily-reports/", collection(endpoint, get="list"), name="api-daily-report-list"),
        path("daily-reports/bulk/", collection(endpoint, post="bulk"), name="api-daily-report-bulk"),
        path("daily-reports/prefill/", collection(endpoint, get="prefill"), name="api-daily-report-prefill"),
        path(
            "daily-reports/<code:code>/<str:day>/",
            one(endpoint, get="retrieve", put="file"),
            name="api-daily-report-detail",
        ),
    ]


urlpatterns = [
    path("daily-reports/due/", collection(ReportDueEndpoint, get="list"), name="api-report-due-list"),
    path("reminders/", collection(ReminderEndpoint, get="list", post="create"), name="api-reminder-list"),
    path(
        "statistics/reporting/",
        collection(StatisticsEndpoint, get="reporting"),
        name="api-statistics-reporting",
    ),
    path(
        "statistics/resumption/",
        collection(StatisticsEndpoint, get="resumption"),
        name="api-statistics-resumption",
    ),
    path("stock/", collection(StockEndpoint, get="list"), name="api-stock-list"),
]
