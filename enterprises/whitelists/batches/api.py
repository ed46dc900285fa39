"""Batches over REST: draft, lines, the steps of two people, and the signed file."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from enterprises.models import Batch, BatchLine
from enterprises.whitelists import policies, services
from enterprises.whitelists.batches import intake
from enterprises.whitelists.batches.serializers import (
    BatchSerializer,
    BatchShape,
    DecidedSerializer,
    DecideShape,
    LineSerializer,
    LineShape,
    NoteShape,
    PublishShape,
    PutResults,
    ReturnShape,
    TitleShape,
)
from enterprises.whitelists.filters import BatchFilter, LineFilter
from enterprises.whitelists.flows import BATCH_FLOW
from enterprises.whitelists.words import Decision
from whitelist.core.api import BulkMixin, Endpoint, faults_of, problem, step_action, tag_of
from whitelist.core.errors import DomainError, Fault, Stale, TagRequired

MODE = OpenApiParameter("mode", enum=["all", "each"], description="all or nothing, or each line with its own result")
TAG = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="the ETag last read")
HELD = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="the batch's ETag last read; need not be sent, but must fit"
)
DECISIONS = {"accept": Decision.ACCEPTED, "reject": Decision.REJECTED, "undo": Decision.UNDECIDED}


def hold(endpoint, batch, *, may, needs_tag):
    """The batch, locked for this request: first who may (403), then the tag (428, 412); its state is the service's."""
    batch = services.hold(batch, by=endpoint.request.user, may=may)
    sent = endpoint.request.headers.get("If-Match")
    if needs_tag and not sent:
        raise TagRequired
    if sent and sent.strip() not in ("*", tag_of(batch)):
        raise Stale
    return batch


def step(name, shape):
    """A step of the flow as a verb: it needs the tag that was read, and answers the batch as it then stands."""

    def decorate(method):
        method.step = name
        declare = extend_schema(request=shape, responses=BatchSerializer, parameters=[TAG])
        return declare(step_action(shape)(method))

    return decorate


class BatchEndpoint(Endpoint):
    model = Batch
    access = policies.may_read_lists
    filterset_class = BatchFilter
    serializer_class = BatchSerializer
    ordering = ("-pk",)
    needs_tag = True

    def narrow(self, queryset):
        return queryset.for_answer()

    def match_tag(self, row):
        name = getattr(getattr(self, self.action), "step", None)
        may = BATCH_FLOW.steps[name].by if name else policies.may_draft_batch
        hold(self, row, may=may, needs_tag=True)

    @extend_schema(request=BatchShape, responses={201: BatchSerializer})
    def create(self, request):
        def work():
            fields = self.checked(BatchShape)
            made = services.draft_batch(fields["white_list"], title=fields["title"], by=request.user)
            return self.answer(self.get_queryset().get(pk=made.pk), code=201)

        return self.once(work)

    @extend_schema(request=TitleShape, responses=BatchSerializer, parameters=[TAG])
    def partial_update(self, request, **kwargs):
        self.match_tag(self.row)
        services.rename_batch(self.row, by=request.user, **self.checked(TitleShape))
        return self.answer(self.get_object())

    @step("submit", NoteShape)
    def submit(self, batch, *, by, note):
        services.submit_batch(batch, by=by, note=note)

    @extend_schema(request=DecideShape, responses={200: DecidedSerializer, 207: DecidedSerializer}, parameters=[TAG])
    def decide(self, request, **kwargs):
        def work():
            hold(self, self.row, may=policies.may_decide_batch, needs_tag=True)
            asked = self.checked(DecideShape)
            lines = list(dict.fromkeys(asked["lines"]))
            words = {"reason": asked["reason"], "note": asked["note"]}
            found = services.decide_lines(
                self.row, lines, decision=DECISIONS[asked["decision"]], by=request.user, **words
            )
            results = [{"line": pk, "status": 404 if told else 200, "detail": told} for pk, told in found]
            row = self.get_object()
            data = {"results": results, "count": len(results), "batch": self.get_serializer(row).data}
            status = 207 if any(told for _pk, told in found) else 200
            return Response(data, status=status, headers={"ETag": tag_of(row)})

        return self.once(work)

    @step("return", ReturnShape)
    def send_back(self, batch, *, by, reason, note):
        services.return_batch(batch, reason=reason, by=by, note=note)

    @step("redraft", NoteShape)
    def redraft(self, batch, *, by, note):
        services.redraft_batch(batch, by=by, note=note)

    @step("approve", NoteShape)
    def approve(self, batch, *, by, note):
        services.approve_batch(batch, by=by, note=note)

    @step("publish", PublishShape)
    def publish(self, batch, *, by, document_number, effective_on, note):
        services.publish_batch(batch, document_number=document_number, effective_on=effective_on, by=by, note=note)

    @step("withdraw", NoteShape)
    def withdraw(self, batch, *, by, note):
        services.withdraw_batch(batch, by=by, note=note)

    @extend_schema(request=NoteShape, responses={201: BatchSerializer}, parameters=[HELD])
    def revert(self, request, **kwargs):
        """A new draft that undoes this batch; the answer is the draft."""

        def work():
            hold(self, self.row, may=policies.may_draft_batch, needs_tag=False)
            undo = services.revert_batch(self.row, by=request.user, **self.checked(NoteShape))
            return self.answer(self.get_queryset().get(pk=undo.pk), code=201)

        return self.once(work)

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.BINARY})
    def file(self, request, **kwargs):
        """The published file, byte for byte; hash, signature and key id stand in the headers."""
        if not self.row.file:
            raise Http404
        headers = services.seal_of(self.row)
        return HttpResponse(self.row.file.encode(), content_type="application/json", headers=headers)


class LineEndpoint(BulkMixin, Endpoint):
    """The lines of one batch. Adding and dropping honours If-Match with the batch's tag, but does not demand it."""

    model = BatchLine
    access = policies.may_read_lists
    filterset_class = LineFilter
    serializer_class = LineSerializer
    lookup_url_kwarg = "line"

    def initial(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.batch = self.visible(Batch, pk=kwargs["pk"])
        super().initial(request, *args, **kwargs)

    def narrow(self, queryset):
        return queryset.filter(batch=self.batch).for_table()

    @extend_schema(parameters=None)
    def list(self, request, **kwargs):
        return super().list(request)

    def hold(self):
        self.batch = hold(self, self.batch, may=policies.may_draft_batch, needs_tag=False)
        services.check_edit(self.batch, by=self.request.user)

    def stored(self, enterprises):
        """The lines of these enterprises as they stand in the batch, by enterprise."""
        return {row.enterprise_id: row for row in self.get_queryset().filter(enterprise__in=enterprises)}

    def tag(self):
        return {"ETag": tag_of(self.visible(Batch, pk=self.batch.pk))}

    @extend_schema(request=LineShape, responses={200: LineSerializer, 201: LineSerializer}, parameters=[HELD])
    def create(self, request, **kwargs):
        if isinstance(request.data, list):
            return self.bulk(request)

        def work():
            self.hold()
            line = self.checked(LineShape)
            pk = line["enterprise"].pk
            is_new = not self.stored([pk])
            services.put_lines(self.batch, [line], by=request.user)
            data = self.get_serializer(self.stored([pk])[pk]).data
            return Response(data, status=201 if is_new else 200, headers=self.tag())

        return self.once(work)

    @extend_schema(request=LineShape(many=True), responses={201: PutResults, 207: PutResults}, parameters=[MODE, HELD])
    def bulk(self, request, **kwargs):
        services.hold(self.batch, by=request.user, may=policies.may_draft_batch)
        return super().bulk(request)

    def bulk_all(self, items, mode):
        self.hold()
        sent = [item.get("enterprise") for item in items if isinstance(item, dict)]
        known = intake.known([code for code in sent if isinstance(code, str)], by=self.request.user)
        wishes, problems = {}, {}
        for place, item in enumerate(items):
            shape = LineShape(data=item, context={**self.get_serializer_context(), "known": known})
            if not shape.is_valid():
                problems[place] = list(faults_of(shape.errors))
            elif shape.validated_data["enterprise"].pk in wishes:
                told = translate("This enterprise stands further up already.")
                problems[place] = [Fault("/enterprise", "named_twice", told)]
            else:
                wishes[shape.validated_data["enterprise"].pk] = (place, shape.validated_data)
        if problems and mode == "all":
            raise DomainError(
                _("%(bad)s of %(all)s items are not right; nothing was changed."),
                code="bulk_refused",
                errors=[Fault(f"/{at}{f.pointer}", f.code, f.detail) for at in problems for f in problems[at]][:1000],
                bad=len(problems),
                all=len(items),
            )
        before = self.stored(wishes)
        if wishes:
            services.put_lines(self.batch, [line for _place, line in wishes.values()], by=self.request.user)
        after = self.stored(wishes)
        results = {
            place: {"status": 200 if pk in before else 201, "result": self.get_serializer(after[pk]).data}
            for pk, (place, _line) in wishes.items()
        }
        for place, faults in problems.items():
            answer = problem(400, code="invalid", detail=faults[0].detail, errors=faults)
            results[place] = {"status": 400, "problem": answer.data}
        body = [{"index": place, **results[place]} for place in range(len(items))]
        return Response(
            {"results": body, "count": len(body)}, status=207 if mode == "each" else 201, headers=self.tag()
        )

    @extend_schema(responses={204: None}, parameters=[HELD])
    def destroy(self, request, **kwargs):
        self.hold()
        services.drop_lines(self.batch, [self.row.pk], by=request.user)
        return Response(status=204, headers=self.tag())
