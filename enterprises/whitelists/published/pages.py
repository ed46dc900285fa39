"""What is published of the lists: a batch's notice and signed file, and the counts that everybody may read."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.generic import DetailView, TemplateView

from enterprises.models import Batch
from enterprises.whitelists import policies
from enterprises.whitelists.published.figures import public_figures
from enterprises.whitelists.published.verification import sealed
from whitelist.core import seal
from whitelist.core.access import Page, anyone
from whitelist.core.days import today

MOST_IN_NOTICE = 3000  # lines; a longer batch is annexed as its file


class NoticePage(Page, DetailView):
    """The official notice of a published batch, with its lines as the annex: to be read, printed and posted."""

    model = Batch
    access = policies.may_read_lists
    template_name = "enterprises/whitelists/published/notice.html"

    def narrow(self, queryset):
        return queryset.published().for_workspace()

    def get_context_data(self, **kwargs):
        batch = self.object
        lines = batch.lines.accepted().for_notice()
        counts = lines.numbers()
        shown = list(lines) if counts["lines"] <= MOST_IN_NOTICE else []
        parts = [(action, [line for line in shown if line.action == action]) for action in ("add", "amend", "remove")]
        return super().get_context_data(
            white_list=batch.white_list,
            office=batch.white_list.office,
            counts=counts,
            parts=[(action, rows) for action, rows in parts if rows],
            key_id=seal.key_id(),
            **kwargs,
        )


class SignedFilePage(Page, DetailView):
    """The published file in an envelope that carries its own proof."""

    model = Batch
    access = policies.may_read_lists

    def narrow(self, queryset):
        return queryset.published()

    def get(self, request, *args, **kwargs):
        batch = self.get_object()
        name = f"list-{batch.white_list_id}-batch-{batch.number}.signed.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(sealed(batch), content_type="application/json", headers=headers)


class PublicPage(Page, TemplateView):
    """For everybody, without a sign-in: which lists there are and how many enterprises stand on them. No names."""

    access = anyone
    template_name = "enterprises/whitelists/published/public.html"

    def get_context_data(self, **kwargs):
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        return super().get_context_data(figures=public_figures(today()), language=language, **kwargs)
