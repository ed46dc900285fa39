"""The addresses of batches, by noun."""

from django.urls import path

from enterprises.whitelists.batches import filter_pages, line_pages, pages

urlpatterns = [
    path("lists/<int:pk>/batches/add/", pages.BatchAddPage.as_view(), name="batch-add"),
    path("batches/", pages.BatchListPage.as_view(), name="batch-list"),
    path("batches/<int:pk>/", pages.BatchPage.as_view(), name="batch-detail"),
    path("batches/<int:pk>/file/", pages.BatchFilePage.as_view(), name="batch-file"),
    path("batches/<int:pk>/rename/", pages.BatchRenamePage.as_view(), name="batch-rename"),
    path("batches/<int:pk>/submit/", pages.BatchSubmitPage.as_view(), name="batch-submit"),
    path("batches/<int:pk>/withdraw/", pages.BatchWithdrawPage.as_view(), name="batch-withdraw"),
    path("batches/<int:pk>/return/", pages.BatchReturnPage.as_view(), name="batch-return"),
    path("batches/<int:pk>/redraft/", pages.BatchRedraftPage.as_view(), name="batch-redraft"),
    path("batches/<int:pk>/approve/", pages.BatchApprovePage.as_view(), name="batch-approve"),
    path("batches/<int:pk>/publish/", pages.BatchPublishPage.as_view(), name="batch-publish"),
    path("batches/<int:pk>/revert/", pages.BatchRevertPage.as_view(), name="batch-revert"),
    path("batches/<int:pk>/by-filter/", filter_pages.BatchFilterPage.as_view(), name="batch-by-filter"),
    path("batches/<int:pk>/find/", line_pages.BatchFindPage.as_view(), name="batch-find"),
    path("batches/<int:pk>/put/", line_pages.BatchPutPage.as_view(), name="batch-put"),
    path("batches/<int:pk>/paste/", line_pages.BatchPastePage.as_view(), name="batch-paste"),
    path("batches/<int:pk>/drop/", line_pages.BatchDropPage.as_view(), name="batch-drop"),
    path("batches/<int:pk>/decide/", line_pages.BatchDecidePage.as_view(), name="batch-decide"),
    path("batches/<int:pk>/lines/<int:line>/", line_pages.BatchRowPage.as_view(), name="batch-row"),
]
