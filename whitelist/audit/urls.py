from django.urls import path

from whitelist.audit import pages

urlpatterns = [
    path("audit/", pages.AuditListPage.as_view(), name="audit-list"),
    path("audit/<int:pk>/object/", pages.AuditObjectPage.as_view(), name="audit-object"),
]
