"""Pages of a list by cursor: where the last row stood in every column of the order, so that ties of any length pass."""

from datetime import date, datetime

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from whitelist.core.errors import DomainError, Fault
from whitelist.core.scoping import NOTHING

UNIQUE = {"pk", "id", "code"}


def path_of(name):
    return name.removeprefix("-")


def flipped(order):
    return tuple(name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order)


def value_at(row, path):
    """What a row has in a column of the order, as JSON can hold it."""
    for part in path.split("__"):
        row = getattr(row, part, None)
    if isinstance(row, (date, datetime)):
        return row.isoformat()
    return row if row is None or isinstance(row, (int, str)) else str(row)


def may_be_null(model, path):
    """Whether a column of the order can be empty; what is computed by the query may."""
    for part in path.split("__"):
        try:
            field = model._meta.get_field(model._meta.pk.name if part == "pk" else part)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        model = field.related_model
    return False


def beyond(model, order, position):
    """The rows that come after a position. PostgreSQL puts empty values last, and first in a falling order."""
    condition = NOTHING
    for name, value in reversed(list(zip(order, position, strict=True))):
        path, falls = path_of(name), name.startswith("-")
        if value is None:
            further = Q(**{f"{path}__isnull": False}) if falls else NOTHING
            same = Q(**{f"{path}__isnull": True})
        else:
            further = Q(**{f"{path}__{'lt' if falls else 'gt'}": value})
            if not falls and may_be_null(model, path):
                further |= Q(**{f"{path}__isnull": True})
            same = Q(**{path: value})
        condition = further | (same & condition)
    first, value = path_of(order[0]), position[0]
    if value is not None and not may_be_null(model, first):
        condition = Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": value}) & condition
    return condition


class Cursor(CursorPagination):
    """`?limit=` (50, at most 200) with a cursor; the order always ends in a unique key. `?count=false` saves one."""

    page_size, max_page_size, page_size_query_param = 50, 200, "limit"

    def paginate_queryset(self, queryset, request, view=None):
        size, wants_count = self.get_page_size(request), self.wants_count(request)
        self.base_url = request.build_absolute_uri()
        self.ordering = self.get_ordering(request, queryset, view)
        is_back, position = self.sent(request)
        order = flipped(self.ordering) if is_back else self.ordering
        self.total = queryset.order_by().count() if wants_count else None
        rows = queryset.order_by(*order)
        if position is not None:
            rows = rows.filter(beyond(queryset.model, order, position))
        rows = list(rows[: size + 1])
        has_more = len(rows) > size
        self.page = rows[:size][::-1] if is_back else rows[:size]
        self.has_next = bool(self.page) and (is_back or has_more)
        self.has_previous = bool(self.page) and (has_more if is_back else position is not None)
        return self.page

    def sent(self, request):
        """The direction and the position that the caller's cursor holds; a cursor is good only for its own order."""
        text = request.query_params.get(self.cursor_query_param)
        if not text:
            return False, None
        try:
            order, is_back, position = signing.loads(text, salt="cursor")
        except (signing.BadSignature, ValueError):
            order = is_back = position = None
        if order != list(self.ordering):
            detail = _("This cursor does not belong to this list. Start again without it.")
            raise DomainError(detail, errors=[Fault("cursor", "bad_cursor", detail)])
        return is_back, position

    def link(self, row, *, is_back):
        position = [value_at(row, path_of(name)) for name in self.ordering]
        cursor = signing.dumps([list(self.ordering), is_back, position], salt="cursor")
        return replace_query_param(self.base_url, self.cursor_query_param, cursor)

    def get_next_link(self):
        return self.link(self.page[-1], is_back=False) if self.has_next else None

    def get_previous_link(self):
        return self.link(self.page[0], is_back=True) if self.has_previous else None

    def get_page_size(self, request):
        text = request.query_params.get("limit")
        is_number = text is not None and text.isascii() and text.isdigit() and len(text) <= 3
        if text is not None and not (is_number and 1 <= int(text) <= self.max_page_size):
            raise DomainError(errors=[Fault("limit", "out_of_range", _("limit is a number from 1 to 200."))])
        return int(text) if text else self.page_size

    def wants_count(self, request):
        text = request.query_params.get("count", "true")
        if text not in ("true", "false"):
            raise DomainError(errors=[Fault("count", "invalid", _("count is “true” or “false”."))])
        return text == "true"

    def get_ordering(self, request, queryset, view):
        """What the endpoint says, up to the first unique name; the key comes last where it names none."""
        key, order = [field.attname for field in queryset.model._meta.pk_fields], []
        for name in (*view.ordering, "pk"):
            path, sign = path_of(name), "-" if name.startswith("-") else ""
            known = set(map(path_of, order))
            order += [sign + part for part in (key if path == "pk" else [path]) if part not in known]
            if path in UNIQUE:
                break
        return tuple(order)

    def get_paginated_response(self, data):
        body = {"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data}
        if self.total is not None:
            body["count"] = self.total
        return Response(body)

    def get_schema_operation_parameters(self, view):
        limit = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {"name": "limit", "in": "query", "schema": limit, "description": "rows a page"},
            {"name": "cursor", "in": "query", "schema": {"type": "string"}, "description": "as in `next`, `previous`"},
            {
                "name": "count",
                "in": "query",
                "schema": {"type": "boolean", "default": True},
                "description": "count all",
            },
        ]

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "format": "uri", "nullable": True}
        properties = {"next": link, "previous": link, "count": {"type": "integer"}, "results": schema}
        return {"type": "object", "required": ["next", "previous", "results"], "properties": properties}
