"""A table as the address asks for it: filtered, sorted, fifty rows a page, and the same rows as a workbook or CSV."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.generic import TemplateView

from whitelist.core import export
from whitelist.core.access import Page

ROWS = 50
FORMS = ("xlsx", "csv")


class Table:
    """Rows of a queryset after the filter and the order of the address. A filter that is not right shows nothing."""

    def __init__(self, request, queryset, filterset_class, sorts):
        self.asked = request.GET
        self.filter = filterset_class(self.asked, queryset=queryset, request=request)
        rows = self.filter.qs if self.filter.is_valid() else queryset.none()
        name = self.asked.get("sort", "")
        order = sorts.get(name.removeprefix("-"))
        if order:
            rows = rows.order_by(*(_turned(field) if name.startswith("-") else field for field in order), "pk")
        self.rows = rows

    @cached_property
    def page(self):
        return Paginator(self.rows, ROWS).get_page(self.asked.get("page"))

    @property
    def export_form(self):
        """`xlsx` or `csv` where the address asks for a file, else ''."""
        form = self.asked.get("export", "")
        return form if form in FORMS else ""

    @property
    def is_narrowed(self):
        """Whether a filter leaves rows out."""
        return any(self.asked.get(name) for name in self.filter.filters)

    def said(self):
        """The filters in words, for the first sheet of a workbook."""
        names = [name for name in self.filter.filters if self.asked.get(name)]
        return [(capfirst(str(self.filter.filters[name].label)), self.asked[name]) for name in names]

    def answer(self, name, columns, cells, about):
        """All rows as the asked file; `columns` are headings, `cells(row)` what stands under them."""
        rows = (cells(row) for row in self.rows)
        return export.answer(self.export_form, name, columns=columns, rows=rows, about=[*about, *self.said()])


def _turned(field):
    return field.desc(nulls_last=True) if hasattr(field, "desc") else f"-{field}"


class TablePage(Page, TemplateView):
    """A page that is one table of its model."""

    is_base = True
    filterset_class = None
    sorts: dict = {}
    columns: tuple = ()

    def get(self, request, *args, **kwargs):
        self.table = Table(request, self.get_queryset(), self.filterset_class, self.sorts)
        if self.table.export_form:
            return self.table.answer(self.name, self.columns, self.cells, self.about())
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs):
        return super().get_context_data(table=self.table, filter=self.table.filter, page_obj=self.table.page, **kwargs)

    def cells(self, row):
        """What the export writes of a row."""
        raise TypeError(f"{type(self).__name__} does not say what a row is")

    def about(self):
        return [(self.model._meta.verbose_name_plural, self.request.user.office or "")]
