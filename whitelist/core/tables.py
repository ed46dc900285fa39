"""The base of list pages: filtered, sorted, 50 rows a page, and exported as shown; all of it in the address."""

from itertools import islice

from django_filters import OrderingFilter
from django_filters.constants import EMPTY_VALUES
from django_filters.views import FilterView

from whitelist.core import export
from whitelist.core.access import Page
from whitelist.core.templatetags.face import address

MOST_EXPORTED = 100_000


class Sort(OrderingFilter):
    """Sorting by the columns named, with the primary key last, so that no row is shown twice or never."""

    def filter(self, queryset, value):
        if value in EMPTY_VALUES:
            return queryset
        return queryset.order_by(*(self.get_ordering_value(param) for param in value), "pk")


class TablePage(Page, FilterView):
    """A list that also answers `?export=xlsx` and `?export=csv` with the rows that the filter shows."""

    is_base = True
    paginate_by = 50
    export_name = "table"

    def columns(self):
        """What the export holds: (heading, what a row has there)."""
        raise TypeError(f"{type(self).__name__} does not say what it exports")

    def render_to_response(self, context, **response_kwargs):
        form = self.request.GET.get("export")
        if form not in ("xlsx", "csv"):
            return super().render_to_response(context, **response_kwargs)
        columns = self.columns()
        rows = ([of(row) for _heading, of in columns] for row in islice(self.object_list.iterator(2000), MOST_EXPORTED))
        about = [(name, ", ".join(values)) for name, values in self.request.GET.lists() if name != "export"]
        return export.answer(
            form, self.export_name, columns=[heading for heading, _of in columns], rows=rows, about=about
        )

    def get_context_data(self, **kwargs):
        exports = {form: address(self.request.GET, export=form, page=None) for form in ("xlsx", "csv")}
        return super().get_context_data(exports=exports, is_filtered=self.is_filtered(), **kwargs)

    def is_filtered(self):
        """Whether the address narrows the rows, so that an empty list can say why."""
        return any(value for name, value in self.request.GET.items() if name not in ("page", "sort", "export"))
