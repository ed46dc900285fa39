"""Pages that belong to nobody: refusals, health, and the public keys."""

from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import View

from whitelist.core import seal
from whitelist.core.requests import current_request_id

CODES = {400: "invalid", 403: "not_allowed", 404: "not_found", 500: "server_error"}


def _refusal(request, status, title, sentence, next_step):
    if request.path.startswith("/api/"):
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": sentence,
            "code": CODES[status],
            "request_id": current_request_id(),
            "errors": [],
        }
        return JsonResponse(body, status=status, content_type="application/problem+json")
    context = {"status": status, "title": title, "sentence": sentence, "kept": "", "next_step": next_step}
    return render(request, "error.html", context, status=status)


def bad_request(request, exception=None):
    return _refusal(
        request,
        400,
        _("This request cannot be read"),
        _("Something in it is not as it should be."),
        _("Go back and try again."),
    )


def forbidden(request, exception=None):
    said = str(exception or "") or _("What you asked for is not among your duties.")
    return _refusal(request, 403, _("Not among your duties"), said, _("Ask the administrator of your office."))


def not_found(request, exception=None):
    said = _("There is nothing at this address, or it lies outside your division.")
    return _refusal(request, 404, _("Nothing here"), said, _("Search for it, or go back."))


def server_error(request):
    said = _("The fault is ours and has been recorded.")
    return _refusal(request, 500, _("Something went wrong"), said, _("Try again in a minute."))


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class Health(View):
    """Whether this process answers at all; it asks nobody, not even the database."""

    def get(self, request):
        return JsonResponse({"status": "ok"})


class Keys(View):
    """The public keys with which everybody can check what was published here."""

    def get(self, request):
        key = {"kid": seal.key_id(), "kty": "OKP", "crv": "Ed25519", "x": seal.public_key()}
        return JsonResponse({"keys": [key], "generated_at": timezone.now().isoformat()})
