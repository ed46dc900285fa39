from django.urls import path

from enterprises.resumption.filing.pages import ReportDayPage, ReportTodayPage
from enterprises.resumption.pages import ReportListPage
from enterprises.resumption.reminders.pages import RemindPage

urlpatterns = [
    path("reports/", ReportListPage.as_view(), name="report-list"),
    path("reports/remind/", RemindPage.as_view(), name="report-remind"),
    path("reports/<code:code>/<day:day>/", ReportDayPage.as_view(), name="report-day"),
    path("today/", ReportTodayPage.as_view(), name="report-today"),
]
