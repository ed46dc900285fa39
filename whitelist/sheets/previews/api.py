"""What people say about an upload over REST: which heading is which column, and what a cell should hold."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from whitelist.core.api import Endpoint, NoBody, Shape, step_action
from whitelist.sheets import policies, services
from whitelist.sheets.api import ImportEndpoint
from whitelist.sheets.models import SheetRow
from whitelist.sheets.previews import correcting, mapping
from whitelist.sheets.serializers import ImportDetailSerializer, RowSerializer


class MapShape(Shape):
    """`columns` says of headings which column they are, by its key, or "" to leave them out; `header_row` and `sheet`
    say where the table stands, where that was not recognised. Headings that are not named stay what they are.
    """

    columns = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=40), required=False)
    header_row = serializers.IntegerField(required=False, min_value=1)
    sheet = serializers.CharField(required=False, max_length=100)

    def validate(self, attrs):
        if not attrs:
            raise serializers.ValidationError({"columns": [_("Say at least which column a heading is.")]})
        return attrs


class CorrectShape(Shape):
    """Texts by column key; "" empties a cell."""

    cells = serializers.DictField(child=serializers.CharField(allow_blank=True), allow_empty=False)


class MappingEndpoint(ImportEndpoint):
    access = policies.may_read_imports

    @extend_schema(request=MapShape, responses={200: ImportDetailSerializer})
    @step_action(MapShape)
    def map(self, row, *, by, columns=None, header_row=None, sheet=None):
        return mapping.map_columns(row, columns=columns, header_row=header_row, sheet=sheet, by=by)

    @extend_schema(request=None, responses={200: ImportDetailSerializer})
    @step_action(NoBody)
    def forget(self, row, *, by):
        return mapping.forget(row, by=by)


class RowEndpoint(Endpoint):
    """One row of an import, by its number in the file."""

    model = SheetRow
    access = policies.may_read_imports
    serializer_class = RowSerializer
    lookup_field = "number"

    def initial(self, request, *args, **kwargs):
        if request.user.is_authenticated and not services.sees_import(request.user, self.kwargs["pk"]):
            raise Http404
        super().initial(request, *args, **kwargs)

    def narrow(self, queryset):
        return queryset.of(self.kwargs["pk"]).select_related("sheet_import")

    @extend_schema(request=CorrectShape, responses={200: RowSerializer})
    @step_action(CorrectShape)
    def correct(self, row, *, by, cells):
        return correcting.correct_row(row.sheet_import, row.number, cells, by=by)
