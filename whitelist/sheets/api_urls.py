from django.urls import path

from whitelist.core.api import collection, one
from whitelist.sheets.api import (
    ImportCollectionEndpoint,
    ImportEndpoint,
    ImportRowEndpoint,
    TemplateEndpoint,
    WorkbookEndpoint,
)
from whitelist.sheets.previews.api import MappingEndpoint, RowEndpoint
from whitelist.sheets.undo.api import UndoEndpoint

urlpatterns = [
    path("imports/", collection(ImportCollectionEndpoint, get="list", post="create"), name="api-import-list"),
    path("imports/template/", collection(TemplateEndpoint, get="retrieve"), name="api-import-template"),
    path("imports/<int:pk>/", one(ImportEndpoint, get="retrieve"), name="api-import-detail"),
    path("imports/<int:pk>/cancel/", one(UndoEndpoint, post="cancel"), name="api-import-cancel"),
    path("imports/<int:pk>/choose/", one(ImportEndpoint, post="choose"), name="api-import-choose"),
    path("imports/<int:pk>/confirm/", one(ImportEndpoint, post="confirm"), name="api-import-confirm"),
    path("imports/<int:pk>/discard/", one(ImportEndpoint, post="discard"), name="api-import-discard"),
    path("imports/<int:pk>/forget/", one(MappingEndpoint, post="forget"), name="api-import-forget"),
    path("imports/<int:pk>/map/", one(MappingEndpoint, post="map"), name="api-import-map"),
    path("imports/<int:pk>/read-again/", one(ImportEndpoint, post="read_again"), name="api-import-read-again"),
    path("imports/<int:pk>/rows/", collection(ImportRowEndpoint, get="list"), name="api-import-rows"),
    path(
        "imports/<int:pk>/rows/<int:number>/",
        one(RowEndpoint, get="retrieve", patch="correct"),
        name="api-import-row",
    ),
    path("imports/<int:pk>/undo/", one(UndoEndpoint, get="retrieve", post="undo"), name="api-import-undo"),
    path("imports/<int:pk>/workbook/", one(WorkbookEndpoint, get="retrieve"), name="api-import-workbook"),
]
