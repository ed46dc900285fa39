from csp.decorators import csp_update
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularJSONAPIView, SpectacularSwaggerSplitView

readable = csp_update({"style-src": ["'unsafe-inline'"], "connect-src": ["'self'"]})(
    SpectacularSwaggerSplitView.as_view(url_name="schema")
)

urlpatterns = [
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("schema.yaml", SpectacularAPIView.as_view(), name="schema-yaml"),
    path("docs/", readable, name="api-docs"),
]
