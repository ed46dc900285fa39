from django.urls import path
from django.views.generic import TemplateView

from whitelist.core import styleguide


class StyleguidePage(TemplateView):
    """Every part of the face on one page, with invented data; in demonstration mode only."""

    template_name = "styleguide.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, **styleguide.context())


urlpatterns = [path("", StyleguidePage.as_view(), name="styleguide")]
