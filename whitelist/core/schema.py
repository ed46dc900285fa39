"""What every address of the API has in common, written into its contract: filters, tags, keys, pages and refusals."""

from django import forms
from django.core.validators import RegexValidator
from django_filters import ModelChoiceFilter
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type, get_doc
from rest_framework import serializers

from whitelist.core.api import BULK_LIMIT, TITLES, BulkMixin, Endpoint
from whitelist.core.errors import Conflict, KeyReused, Stale, TagRequired

PROBLEM = "application/problem+json"
REFUSALS = {**TITLES, 409: Conflict.title, 412: Stale.title, 422: KeyReused.title, 428: TagRequired.title}
STANDARD = {"list", "retrieve", "create", "partial_update", "update", "destroy"}
STRING, DAY = {"type": "string"}, {"type": "string", "format": "date"}
DAYS = {"day", "as_of", "from", "to"}
AS_OF = {"type": "object", "required": ["as_of"], "properties": {"as_of": {**DAY, "nullable": True}}}
TAG = {"ETag": {"schema": STRING, "description": "what to send in If-Match to change the object"}}

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "A refusal by RFC 9457; `errors` names what is wrong and where, `request_id` finds it in the log.",
    "required": ["type", "title", "status", "detail", "code", "request_id", "errors"],
    "properties": {
        "type": STRING,
        "title": STRING,
        "status": {"type": "integer"},
        "detail": STRING,
        "code": STRING,
        "request_id": STRING,
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
    },
}
PROBLEM_ERROR_SCHEMA = {
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "properties": {"pointer": STRING, "code": STRING, "detail": STRING},
}


class BulkResult(serializers.Serializer):
    """One item: what became of it, or the problem."""

    index = serializers.IntegerField(help_text="its place in the list sent, from 0")
    status = serializers.IntegerField()
    result = serializers.DictField(required=False)
    problem = serializers.DictField(required=False)


class BulkResults(serializers.Serializer):
    """One result per item sent."""

    results = BulkResult(many=True)
    count = serializers.IntegerField()


def query(name, schema, description="", *, enum=None):
    return build_parameter_type(name=name, schema=schema, location="query", description=description, enum=enum)


def filter_schema(one):
    """What a filter takes, as its form field will judge it, with the values where they are few and fixed."""
    if isinstance(one, ModelChoiceFilter):
        return {"type": "integer"}, None
    field = one.field
    if isinstance(field, forms.DateField):
        return DAY, None
    if isinstance(field, forms.NullBooleanField):
        return {"type": "boolean"}, None
    if isinstance(field, forms.IntegerField):
        limits = {"minimum": field.min_value, "maximum": field.max_value}
        return {"type": "integer", **{name: limit for name, limit in limits.items() if limit is not None}}, None
    choices = one.extra.get("choices")
    if choices and not callable(choices):
        return STRING, [value for value, _label in choices]
    longest = getattr(field, "max_length", None)
    pattern = next((v.regex.pattern for v in field.validators if isinstance(v, RegexValidator)), None)
    told = {"maxLength": longest, "pattern": pattern}
    return {**STRING, **{name: rule for name, rule in told.items() if rule is not None}}, None


class EndpointSchema(AutoSchema):
    """Reads an `Endpoint`: its filters and parameters, the bodies of its verbs, its tags, and how it refuses."""

    @property
    def action(self):
        return getattr(self.view, "action", None)

    @property
    def verb(self):
        return getattr(self.view, self.action or self.method.lower(), None)

    @property
    def is_step(self):
        return hasattr(self.verb, "shape_class")

    @property
    def is_bulk(self):
        return isinstance(self.view, BulkMixin) and self.action == "bulk"

    @property
    def wants_tag(self):
        """Whether the verb is refused without If-Match; other verbs of one row say so themselves."""
        view = self.view
        return isinstance(view, Endpoint) and view.needs_tag and (self.is_step or self.method in ("PATCH", "DELETE"))

    @property
    def tag_parameter(self):
        """How the verb takes If-Match, None where it does not; some take it without asking for it."""
        return next((each for each in self._get_parameters() if each["name"] == "If-Match"), None)

    def get_operation_id(self):
        names = [part.replace("-", "_") for part in self._tokenize_path()]
        if self.action in STANDARD or self.path.rstrip("/").endswith("}"):
            names.append(self.action)
        return "_".join(names)

    def get_summary(self):
        told = self.own_words().split("\n")[0].rstrip(".")
        return told or self.get_operation_id().replace("_", " ").capitalize()

    def own_words(self):
        """What the verb says of itself."""
        return get_doc(self.verb)

    def get_request_serializer(self):
        return self.verb.shape_class if self.is_step else super().get_request_serializer()

    def get_response_serializers(self):
        if self.is_bulk:
            return {201: BulkResults, 207: BulkResults}
        if self.is_step:
            return {200: self.view.get_serializer_class()}
        return super().get_response_serializers()

    def get_filter_backends(self):
        """Where the endpoint filters, it does so itself: all it needs is its FilterSet."""
        filters = getattr(self.view, "filterset_class", None)
        is_read = self.method == "GET" and not getattr(self.view, "detail", False)
        return [filters] if filters and is_read else []

    def _get_filter_parameters(self):
        found = []
        for filters in self.get_filter_backends():
            for name, one in filters.base_filters.items():
                schema, enum = filter_schema(one)
                found.append(query(name, schema, str(one.extra.get("help_text") or one.label or ""), enum=enum))
        return found

    def _get_parameters(self):
        found = {(each["name"], each["in"]): each for each in self.common_parameters()}
        found |= {(each["name"], each["in"]): each for each in super()._get_parameters()}
        return sorted(found.values(), key=lambda each: (each["in"] != "path", each["in"], each["name"]))

    def _get_format_parameters(self):
        """The kind of answer is asked for by `Accept`; no endpoint knows a parameter for it."""
        return []

    def common_parameters(self):
        if self.method == "GET":
            for name in getattr(self.view, "extra_parameters", ()):
                yield query(name, DAY if name in DAYS else STRING)
        if self.is_bulk:
            yield query("mode", STRING, "all or nothing (the default), or each item by itself", enum=["all", "each"])
        if self.method == "POST":
            told = "the same key and body within 24 hours are answered as the first time"
            yield build_parameter_type(
                name="Idempotency-Key", schema={**STRING, "maxLength": 120}, location="header", description=told
            )
        if self.wants_tag:
            yield build_parameter_type(
                name="If-Match", schema=STRING, location="header", required=True, description="the ETag last read"
            )

    def _get_request_body(self, direction="request"):
        body = super()._get_request_body(direction)
        if body and self.is_bulk:
            for content in body["content"].values():
                content["schema"] = {**content["schema"], "minItems": 1, "maxItems": BULK_LIMIT}
        return body

    def _get_response_bodies(self, direction="response"):
        told = super()._get_response_bodies(direction)
        for code in self.refusals():
            told.setdefault(str(code), {"$ref": f"#/components/responses/Problem{code}"})
        return told

    def _get_response_for_code(self, serializer, status_code, media_types=None, direction="response"):
        told = super()._get_response_for_code(serializer, status_code, media_types, direction)
        if self.action == "list" and "as_of" in self.view.extra_parameters:
            for content in told["content"].values():
                content["schema"] = {"allOf": [content["schema"], AS_OF]}
        if isinstance(self.view, Endpoint) and self.view.needs_tag and (self.wants_tag or self.action == "retrieve"):
            told["headers"] = TAG
        return told

    def refusals(self):
        """The statuses with which this verb may refuse."""
        yield from (400, 401, 403)
        if "{" in self.path or (self.method == "GET" and self.action not in STANDARD):
            yield 404
        if self.method != "GET":
            yield 409
        tag = self.tag_parameter
        if tag:
            yield 412
        if tag and tag.get("required"):
            yield 428
        if self.method in ("POST", "PUT", "PATCH"):
            yield 415
        if self.method == "POST":
            yield 422
        yield 429


def add_problems(result, **kwargs):
    """The refusals, described once for all operations."""
    components = result["components"]
    components["schemas"] |= {"Problem": PROBLEM_SCHEMA, "ProblemError": PROBLEM_ERROR_SCHEMA}
    shape = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for code, title in REFUSALS.items():
        told = {"description": str(title), "content": shape}
        if code == 429:
            told["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds to wait"}}
        components.setdefault("responses", {})[f"Problem{code}"] = told
    return result
