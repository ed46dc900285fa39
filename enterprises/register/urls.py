from django.urls import path

from enterprises.register import pages, user_pages
from enterprises.register.supply import pages as supply_pages

urlpatterns = [
    path("enterprises/", pages.EnterpriseListPage.as_view(), name="enterprise-list"),
    path("enterprises/add/", pages.EnterpriseAddPage.as_view(), name="enterprise-add"),
    path("enterprises/<code:code>/", pages.EnterpriseDetailPage.as_view(), name="enterprise-detail"),
    path("enterprises/<code:code>/edit/", pages.EnterpriseEditPage.as_view(), name="enterprise-edit"),
    path("enterprises/<code:code>/merge/", pages.EnterpriseMergePage.as_view(), name="enterprise-merge"),
    path("enterprises/<code:code>/retire/", pages.EnterpriseRetirePage.as_view(), name="enterprise-retire"),
    path("enterprises/<code:code>/users/add/", user_pages.EnterpriseUserAddPage.as_view(), name="enterprise-user-add"),
    path("materials/", pages.MaterialListPage.as_view(), name="material-list"),
    path("materials/add/", pages.MaterialAddPage.as_view(), name="material-add"),
    path("supply-links/", supply_pages.SupplyLinkListPage.as_view(), name="supply-link-list"),
    path("supply-links/add/", supply_pages.SupplyLinkAddPage.as_view(), name="supply-link-add"),
    path("supply-links/<int:pk>/confirm/", supply_pages.SupplyLinkConfirmPage.as_view(), name="supply-link-confirm"),
    path("supply-links/<int:pk>/remove/", supply_pages.SupplyLinkRemovePage.as_view(), name="supply-link-remove"),
]
