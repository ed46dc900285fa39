"""The API addresses of batches and their lines."""

from django.urls import path

from enterprises.whitelists.batches.api import BatchEndpoint, LineEndpoint
from enterprises.whitelists.batches.filter_api import MatchingEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("batches/", collection(BatchEndpoint, get="list", post="create"), name="api-batch-list"),
    path("batches/<int:pk>/", one(BatchEndpoint, get="retrieve", patch="partial_update"), name="api-batch-detail"),
    path("batches/<int:pk>/submit/", one(BatchEndpoint, post="submit"), name="api-batch-submit"),
    path("batches/<int:pk>/decide/", one(BatchEndpoint, post="decide"), name="api-batch-decide"),
    path("batches/<int:pk>/return/", one(BatchEndpoint, post="send_back"), name="api-batch-return"),
    path("batches/<int:pk>/redraft/", one(BatchEndpoint, post="redraft"), name="api-batch-redraft"),
    path("batches/<int:pk>/approve/", one(BatchEndpoint, post="approve"), name="api-batch-approve"),
    path("batches/<int:pk>/publish/", one(BatchEndpoint, post="publish"), name="api-batch-publish"),
    path("batches/<int:pk>/withdraw/", one(BatchEndpoint, post="withdraw"), name="api-batch-withdraw"),
    path("batches/<int:pk>/revert/", one(BatchEndpoint, post="revert"), name="api-batch-revert"),
    path("batches/<int:pk>/file/", one(BatchEndpoint, get="file"), name="api-batch-file"),
    path("batches/<int:pk>/lines/", collection(LineEndpoint, get="list", post="create"), name="api-batch-lines"),
    path("batches/<int:pk>/lines/bulk/", collection(LineEndpoint, post="bulk"), name="api-batch-lines-bulk"),
    path(
        "batches/<int:pk>/lines/by-filter/",
        one(MatchingEndpoint, get="count", post="put"),
        name="api-batch-lines-by-filter",
    ),
    path("batches/<int:pk>/lines/<int:line>/", one(LineEndpoint, delete="destroy"), name="api-batch-lines-detail"),
]
