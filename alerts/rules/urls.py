from django.urls import path

from alerts.rules.pages import RuleListPage

urlpatterns = [path("rules/", RuleListPage.as_view(), name="rule-list")]
