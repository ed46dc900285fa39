"""One's notices, and whether the product can serve."""

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import ngettext
from django.views.generic import ListView, View
from django.views.generic.detail import SingleObjectMixin

from whitelist.core.access import Page, signed_in
from whitelist.delivery import services
from whitelist.delivery.models import Notification


class NoticeListPage(Page, ListView):
    model = Notification
    access = signed_in
    template_name = "delivery/notice_list.html"
    paginate_by = 50

    def narrow(self, queryset):
        return queryset.unread_first()

    def get_context_data(self, **kwargs):
        return super().get_context_data(unread=self.get_queryset().unread().count(), **kwargs)


class NoticeReadAllPage(Page):
    model = Notification
    access = signed_in
    http_method_names = ("post", "options")

    def post(self, request):
        count = services.mark_read(self.get_queryset())
        said = ngettext("%(number)s notice is marked as read.", "%(number)s notices are marked as read.", count)
        messages.success(request, said % {"number": count})
        return HttpResponseRedirect(reverse("notice-list"))


class NoticeOpenPage(Page, SingleObjectMixin):
    """Marks one notice as read and goes on to where something can be done about it."""

    model = Notification
    access = signed_in
    http_method_names = ("post", "options")

    def post(self, request, *args, **kwargs):
        notice = self.get_object()
        services.mark_read(self.get_queryset().filter(pk=notice.pk))
        is_ours = url_has_allowed_host_and_scheme(notice.address, None)
        return HttpResponseRedirect(notice.address if is_ours else reverse("notice-list"))


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class Ready(View):
    """Whether the product can serve: 200 while the database answers, 503 when it does not.

    A lost broker makes pages slower and jobs wait, so it is said and not held against this process; nor are jobs
    given up. Rooms above add their facts by the setting READY_FACTS, each a function that returns a mapping.
    """

    def get(self, request):
        told = {"at": timezone.now().isoformat(), "broker": "ok" if self.broker_answers() else "lost"}
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            told["database"] = "ok"
            for name in settings.READY_FACTS:
                told |= import_string(name)()
        except DatabaseError:
            return JsonResponse(told | {"database": "lost"}, status=503)
        return JsonResponse(told)

    def broker_answers(self):
        """The broker is also the cache: what is put there must come back."""
        cache.set("ready", "1", 10)
        return cache.get("ready") == "1"
