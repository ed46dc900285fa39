from django.urls import path

from whitelist.sheets import pages
from whitelist.sheets.previews import column_pages, row_pages
from whitelist.sheets.undo import pages as undo_pages

urlpatterns = [
    path("imports/", pages.ImportListPage.as_view(), name="import-list"),
    path("imports/new/", pages.ImportNewPage.as_view(), name="import-new"),
    path("imports/template/", pages.ImportTemplatePage.as_view(), name="import-template"),
    path("imports/<int:pk>/", pages.ImportDetailPage.as_view(), name="import-detail"),
    path("imports/<int:pk>/cancel/", undo_pages.ImportCancelPage.as_view(), name="import-cancel"),
    path("imports/<int:pk>/choose/", pages.ImportChoosePage.as_view(), name="import-choose"),
    path("imports/<int:pk>/columns/", column_pages.ImportColumnsPage.as_view(), name="import-map"),
    path("imports/<int:pk>/confirm/", pages.ImportConfirmPage.as_view(), name="import-confirm"),
    path("imports/<int:pk>/discard/", pages.ImportDiscardPage.as_view(), name="import-discard"),
    path("imports/<int:pk>/forget/", column_pages.ImportForgetPage.as_view(), name="import-forget"),
    path("imports/<int:pk>/place/", column_pages.ImportPlacePage.as_view(), name="import-place"),
    path("imports/<int:pk>/read-again/", pages.ImportReadAgainPage.as_view(), name="import-read-again"),
    path("imports/<int:pk>/rows/<int:number>/", row_pages.ImportRowPage.as_view(), name="import-row"),
    path("imports/<int:pk>/undo/", undo_pages.ImportUndoPage.as_view(), name="import-undo"),
    path("imports/<int:pk>/workbook/", pages.ImportWorkbookPage.as_view(), name="import-workbook"),
]
