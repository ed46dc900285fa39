"""Imports over REST: upload, look, confirm. The worker does the work between; ask again until the state has changed."""

from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from whitelist.core.api import Endpoint, NoBody, step_action
from whitelist.core.export import XLSX
from whitelist.sheets import kinds, policies, services
from whitelist.sheets.files import reading, workbooks
from whitelist.sheets.filters import ImportFilter, RowFilter
from whitelist.sheets.models import Channel, SheetImport, SheetRow
from whitelist.sheets.serializers import (
    ChooseShape,
    ImportDetailSerializer,
    ImportSerializer,
    RowSerializer,
    UploadShape,
)

FORM_OVERHEAD = 64 * 1024
ROW_FIELDS = ("sheet_import", "number", "key", "outcome", "said", "values", "changes", "faults")


class WorkbookRenderer(BaseRenderer):
    """Lets a caller ask for the workbook by its media type; refusals are JSON nevertheless."""

    media_type, format, charset = XLSX, "xlsx", None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return JSONRenderer().render(data)


class ImportEndpoint(Endpoint):
    model = SheetImport
    access = policies.may_read_imports
    serializer_class: type[ImportSerializer] = ImportDetailSerializer
    ordering = ("-created_at", "-pk")

    def narrow(self, queryset):
        return queryset.for_table()

    @extend_schema(request=None, responses={200: ImportDetailSerializer})
    @step_action(NoBody)
    def confirm(self, row, *, by):
        return services.confirm(row, by=by)

    @extend_schema(request=None, responses={200: ImportDetailSerializer})
    @step_action(NoBody)
    def discard(self, row, *, by):
        return services.discard(row, by=by)

    @extend_schema(request=None, responses={200: ImportDetailSerializer})
    @step_action(NoBody)
    def read_again(self, row, *, by):
        return services.read_again(row, by=by)

    @extend_schema(request=ChooseShape, responses={200: ImportDetailSerializer})
    @step_action(ChooseShape)
    def choose(self, row, *, by, sheet):
        return services.choose_sheet(row, sheet=sheet, by=by)


class ImportCollectionEndpoint(ImportEndpoint):
    """The only endpoint that takes files."""

    access = policies.may_read_imports
    filterset_class = ImportFilter
    serializer_class = ImportSerializer
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": UploadShape}, responses={202: ImportDetailSerializer})
    def create(self, request):
        reading.check_size(int(request.META.get("CONTENT_LENGTH") or 0) - FORM_OVERHEAD)

        def work():
            sent = self.checked(UploadShape)
            row = services.upload(
                sent["file"], kind=sent["kind"], target=sent["target"], by=request.user, channel=Channel.API
            )
            data = ImportDetailSerializer(row, context=self.get_serializer_context()).data
            where = reverse("api-import-detail", args=[row.pk])
            return Response(data, status=202, headers={"Location": request.build_absolute_uri(where)})

        return self.once(work)


class ImportRowEndpoint(Endpoint):
    """The rows of one import."""

    model = SheetRow
    access = policies.may_read_imports
    filterset_class = RowFilter
    serializer_class = RowSerializer
    ordering = ("number",)

    def initial(self, request, *args, **kwargs):
        if request.user.is_authenticated and not services.sees_import(request.user, self.kwargs["pk"]):
            raise Http404
        super().initial(request, *args, **kwargs)

    def narrow(self, queryset):
        return queryset.of(self.kwargs["pk"]).select_related("sheet_import").only(*ROW_FIELDS, "sheet_import__columns")

    def list(self, request, **kwargs):
        return super().list(request)


class WorkbookEndpoint(ImportEndpoint):
    """The uploaded sheet with what was found in it: a status column first, faulty cells coloured and commented."""

    access = policies.may_read_imports
    renderer_classes = (JSONRenderer, WorkbookRenderer)

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def retrieve(self, request, *args, **kwargs):
        return workbooks.attached(workbooks.returned(self.row), f"import-{self.row.pk}")


class TemplateEndpoint(Endpoint):
    """An empty workbook to fill in."""

    access = policies.may_import
    extra_parameters = frozenset({"kind"})
    renderer_classes = (JSONRenderer, WorkbookRenderer)

    @extend_schema(parameters=[OpenApiParameter("kind", required=True)], responses={(200, XLSX): OpenApiTypes.BINARY})
    def retrieve(self, request):
        self.refuse_unknown(())
        return workbooks.attached(workbooks.template(kinds.named(request.query_params.get("kind", ""))), "template")
