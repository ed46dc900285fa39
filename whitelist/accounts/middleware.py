"""A password that somebody else knows is good for one thing: choosing another."""

from django.http import HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

OPEN = {"password-change", "sign-in", "sign-out", "set_language", "health", "ready", "keys"}


class ChosenPasswordMiddleware:
    """Leads whoever signed in with a password given by an administrator to the page where one chooses one's own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.url_name in OPEN:
            return None
        if not (request.user.is_authenticated and request.user.must_change_password):
            return None
        if request.path.startswith("/api/"):
            said = _("Choose a password of your own first.")
            body = {
                "type": "about:blank",
                "title": said,
                "status": 403,
                "detail": said,
                "code": "password_due",
                "errors": [],
            }
            return JsonResponse(body, status=403, content_type="application/problem+json")
        return HttpResponseRedirect(reverse("password-change"))
