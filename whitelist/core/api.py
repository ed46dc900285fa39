"""What every endpoint shares: RFC 9457 refusals, cursors with a count, tags, repeatable POSTs, bulk, filters."""

import functools
import hashlib
import json
import math
from importlib import import_module

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.db.models import Model
from django.http import Http404, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers, viewsets
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from whitelist.core.access import require_declared
from whitelist.core.errors import DomainError, Fault, Stale, TagRequired
from whitelist.core.paging import Cursor
from whitelist.core.requests import current_request_id

BULK_LIMIT = 5000
KEPT_HEADERS = ("ETag", "Location")
TITLES = {
    400: _("The request is not right."),
    401: _("Sign in first."),
    403: _("This is not among your duties."),
    404: _("There is no such thing here."),
    405: _("This address does not take that verb."),
    406: _("Only JSON is answered here."),
    415: _("This kind of content is not taken here."),
    429: _("Too many requests. Wait a little."),
}


def problem(code_number, *, code, detail, errors=(), title=None, headers=None):
    """An `application/problem+json` answer."""
    body = {
        "type": "about:blank",
        "title": str(title or TITLES.get(code_number, detail)),
        "status": code_number,
        "detail": str(detail),
        "code": code,
        "request_id": current_request_id(),
        "errors": [{"pointer": f.pointer, "code": f.code, "detail": str(f.detail)} for f in errors],
    }
    return Response(body, status=code_number, headers=headers, content_type="application/problem+json")


def faults_of(detail, pointer=""):
    """DRF's nested error details as a flat list of faults with JSON pointers."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            here = pointer if key == "non_field_errors" else f"{pointer}/{key}"
            yield from faults_of(value, here)
    elif isinstance(detail, list):
        for place, value in enumerate(detail):
            yield from faults_of(value, f"{pointer}/{place}" if isinstance(value, dict) else pointer)
    else:
        yield Fault(pointer, getattr(detail, "code", "invalid"), detail)


def handle(exc, context):
    """The one exception handler of the API."""
    if getattr(context.get("view"), "in_transaction", True):
        set_rollback()
    if isinstance(exc, DomainError):
        errors = [
            Fault(f.pointer if f.pointer[:1] in ("", "/") else f"/{f.pointer}", f.code, f.detail) for f in exc.errors
        ]
        return problem(exc.status, code=exc.code, detail=exc, errors=errors, title=exc.title)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied(*exc.args)
    if not isinstance(exc, exceptions.APIException):
        return None
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(exc.wait))
    errors = list(faults_of(exc.detail)) if isinstance(exc, exceptions.ValidationError) else ()
    detail = errors[0].detail if len(errors) == 1 else exc.detail if isinstance(exc.detail, str) else exc.default_detail
    codes = exc.get_codes()
    return problem(
        exc.status_code,
        code=codes if isinstance(codes, str) else "invalid",
        detail=detail,
        errors=errors,
        headers=headers,
    )


def tag_of(row, data=None):
    """The ETag of an object: its version where it counts versions, else a digest of what is shown."""
    version = getattr(row, "version", None)
    if isinstance(version, int):
        return f'"{row._meta.model_name}-{row.pk}-{version}"'
    return f'"{hashlib.sha256(json.dumps(data, default=str, sort_keys=True).encode()).hexdigest()[:24]}"'


class Shape(serializers.Serializer):
    """A request body. A field that is not known is refused: nothing sent is silently dropped."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            unknown = [name for name in data if name not in self.fields]
            if unknown:
                told = gettext("Unknown field. Known are: %(known)s.") % {"known": ", ".join(sorted(self.fields))}
                raise exceptions.ValidationError({name: [told] for name in unknown}, code="unknown_field")
        return super().to_internal_value(data)


class NoBody(Shape):
    """For verbs that need no words."""


def collection(endpoint, **verbs):
    """The view of an address that names many: `collection(BatchEndpoint, get="list", post="create")`."""
    return endpoint.as_view(verbs, detail=False)


def one(endpoint, **verbs):
    """The view of an address that names one row: scope is asked before anything else."""
    return endpoint.as_view(verbs, detail=True)


def step_action(shape_class):
    """A verb on one row: tag (where the endpoint needs one), body, service, then the row as it now stands.

    The method takes the row, `by=` and the fields of the body, and returns the changed row. A repetition with the same
    Idempotency-Key is answered as the first time, although its tag is stale by then.
    """

    def decorate(method):
        @functools.wraps(method)
        def verb(self, request, **kwargs):
            def work():
                if self.needs_tag:
                    self.match_tag(self.row)
                fields = self.checked(shape_class)
                method(self, self.row, by=request.user, **fields)
                self.row = self.get_object()
                return self.answer(self.row)

            return self.once(work)

        verb.shape_class = shape_class
        return verb

    return decorate


class Endpoint(viewsets.GenericViewSet):
    """The base of every endpoint: scope first (404), then `access` (403), then whatever the service refuses (409)."""

    is_base = True
    model: type[Model] | None = None
    ordering: tuple[str, ...] = ("pk",)
    page_parameters: frozenset[str] = frozenset({"limit", "cursor", "count"})
    extra_parameters: frozenset[str] = frozenset()
    needs_tag = False
    in_transaction = True  # False: a single read asked many times a second, which needs none around it
    pagination_class: type[Cursor] | None = Cursor
    lookup_value_regex = r"[^/]+"

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        require_declared(cls, base=Endpoint)

    @classmethod
    def as_view(cls, *args, **kwargs):
        view = super().as_view(*args, **kwargs)
        return view if cls.in_transaction else transaction.non_atomic_requests(view)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.detail and self.model is not None and request.user.is_authenticated:
            self.row = self.get_object()
        if not self.access(request.user):
            if not request.user.is_authenticated:
                raise exceptions.NotAuthenticated
            raise exceptions.PermissionDenied

    def get_queryset(self):
        return self.narrow(self.model._default_manager.visible_to(self.request.user))

    def narrow(self, queryset):
        """What this endpoint answers of the visible rows."""
        return queryset

    def visible(self, model, **keys):
        """One row of another model within the caller's scope, or 404."""
        row = model._default_manager.visible_to(self.request.user).filter(**keys).first()
        if row is None:
            raise Http404
        return row

    def filter_queryset(self, queryset):
        filters = getattr(self, "filterset_class", None)
        if self.detail or filters is None:
            self.refuse_unknown(())
            return queryset
        self.refuse_unknown(filters.base_filters)
        bound = filters(self.request.query_params, queryset=queryset, request=self.request)
        if not bound.is_valid():
            faults = [Fault(name, "invalid", text) for name, texts in bound.errors.items() for text in texts]
            raise DomainError(_("A filter is not right."), errors=faults)
        return bound.qs

    def refuse_unknown(self, filters):
        """An unknown parameter is 400: a misspelt filter must not answer with everything."""
        known = {*filters, *self.page_parameters, *self.extra_parameters}
        unknown = [name for name in self.request.query_params if name not in known]
        if unknown:
            detail = gettext("Unknown parameter. Known are: %(known)s.") % {"known": ", ".join(sorted(known))}
            raise DomainError(
                detail, code="unknown_parameter", errors=[Fault(n, "unknown_parameter", detail) for n in unknown]
            )

    def list(self, request):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request, *args, **kwargs):
        return self.answer(self.row)

    def answer(self, row, *, code=200, headers=None):
        """One object with its tag."""
        data = self.get_serializer(row).data
        return Response(data, status=code, headers={"ETag": tag_of(row, data), **(headers or {})})

    def checked(self, serializer_class, data=None, **kwargs):
        """The validated body of the request."""
        shape = serializer_class(
            data=self.request.data if data is None else data, context=self.get_serializer_context(), **kwargs
        )
        shape.is_valid(raise_exception=True)
        return shape.validated_data

    def match_tag(self, row):
        """Refuse a change without If-Match (428) or with a stale one (412)."""
        sent = self.request.headers.get("If-Match")
        if not sent:
            raise TagRequired
        present = tag_of(row, None if hasattr(row, "version") else self.get_serializer(row).data)
        if sent.strip() not in ("*", present):
            raise Stale

    def once(self, work):
        """Run a creating POST; with an Idempotency-Key, the same key and body replay the first answer for 24 hours.

        What was refused leaves no answer behind, so it may be sent again with the same key.
        """
        key = self.request.headers.get("Idempotency-Key")
        if not key:
            return work()
        answers = import_module(settings.ANSWER_STORE)
        with transaction.atomic():
            kept = answers.claim(self.request.user, key, digest_of(self.request))
            if kept.status is not None:
                headers = {**kept.headers, "Idempotency-Replayed": "true"}
                return Response(kept.body, status=kept.status, headers=headers)
            answer = work()
            body = None if answer.data is None else json.loads(JSONRenderer().render(answer.data))
            kept.keep(answer.status_code, body, {name: answer[name] for name in KEPT_HEADERS if name in answer})
            return answer


def digest_of(request):
    """What makes two requests the same: verb, address and body, files by their content."""
    told = [request.method, request.get_full_path(), plain(request.data)]
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()


def plain(data):
    """A request body as plain data; of a form every value counts, of a file its content."""
    if isinstance(data, QueryDict):
        return {name: [plain(value) for value in values] for name, values in data.lists()}
    if isinstance(data, File):
        data.seek(0)
        content = hashlib.file_digest(data, "sha256").hexdigest()
        data.seek(0)
        return [data.name, content]
    return data


class BulkMixin:
    """`POST …/bulk/`: up to 5,000 items; `?mode=all` (default) is all or nothing, `?mode=each` answers 207 per item."""

    def bulk_one(self, item):
        """Do one item; return `(status, data)`."""
        raise TypeError(f"{type(self).__name__} does not say what one item is")

    def bulk_done(self, items):
        """What became of each item, in order: `(status, data)`, or the refusal. Whoever can do all at once does so."""
        for item in items:
            try:
                with transaction.atomic():
                    done = self.bulk_one(item)
            except (DomainError, exceptions.APIException, Http404) as refusal:
                done = refusal
            yield done

    def bulk(self, request):
        items, mode = request.data, request.query_params.get("mode", "all")
        if mode not in ("all", "each"):
            raise DomainError(errors=[Fault("mode", "unknown_mode", _("mode is “all” or “each”."))])
        if not isinstance(items, list) or not items or len(items) > BULK_LIMIT:
            raise DomainError(_("Send a list of 1 to %(most)s items."), code="bulk_size", most=BULK_LIMIT)
        return self.once(lambda: self.bulk_all(items, mode))

    def bulk_all(self, items, mode):
        results, faults = [], []
        with transaction.atomic():
            for place, done in enumerate(self.bulk_done(items)):
                if not isinstance(done, Exception):
                    results.append({"index": place, "status": done[0], "result": done[1]})
                else:
                    told = handle(done, {})
                    transaction.set_rollback(False)  # the item's savepoint is undone already; the next one goes on
                    results.append({"index": place, "status": told.status_code, "problem": told.data})
                    here = told.data["errors"] or [
                        {"pointer": "", "code": told.data["code"], "detail": told.data["detail"]}
                    ]
                    faults += [Fault(f"/{place}{e['pointer']}", e["code"], e["detail"]) for e in here]
            if faults and mode == "all":
                raise DomainError(
                    _("%(bad)s of %(all)s items are not right; nothing was changed."),
                    code="bulk_refused",
                    errors=faults[:1000],
                    bad=sum("problem" in result for result in results),
                    all=len(items),
                )
        return Response({"results": results, "count": len(results)}, status=207 if mode == "each" else 201)
