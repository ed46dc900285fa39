"""The base of list pages: filtered, sorted, 50 rows a page, and exported as shown; all of it in the address."""

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_filters import OrderingFilter
from django_filters.constants import EMPTY_VALUES
from django_filters.views import FilterView

from whitelist.core import export
from whitelist.core.access import Page
from whitelist.core.templatetags.face import address, moment

FORMS = ("xlsx", "csv")
FETCHED = 2000  # rows at once from the database's cursor


class Sort(OrderingFilter):
    """Sorting by the columns named, with the primary key last, so that no row is shown twice or never."""

    def filter(self, queryset, value):
        if value in EMPTY_VALUES:
            return queryset
        return queryset.order_by(*(self.get_ordering_value(param) for param in value), "pk")


def in_words(filterset):
    """What a filter was asked for, as (label, words): choices by their names, nothing about what was left open."""
    form = filterset.form
    if not form.is_bound or not form.is_valid():
        return ()
    told = []
    for name, value in form.cleaned_data.items():
        if value in EMPTY_VALUES or value is False:
            continue
        field = form.fields[name]
        label = _("Sorted by") if name == "sort" else capfirst(str(field.label or name))
        told.append((label, _worded(field, value)))
    return tuple(told)


def _worded(field, value):
    if isinstance(value, (list, tuple)):
        return ", ".join(_worded(field, each) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    offered = field if hasattr(field, "choices") else field.widget
    named = getattr(offered, "choices", ())
    words = {str(key): str(label) for key, label in _flat(named)}
    return words.get(str(value), str(value)).lstrip("– ")


def _flat(choices):
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


class TablePage(Page, FilterView):
    """A list that also answers `?export=xlsx` and `?export=csv` with the rows that the filter shows."""

    is_base = True
    paginate_by = 50
    export_name = "table"

    def columns(self):
        """What the export holds: (heading, what a row has there)."""
        raise TypeError(f"{type(self).__name__} does not say what it exports")

    def export_title(self):
        """What the file holds, as its first sheet says it."""
        return capfirst(str(self.model._meta.verbose_name_plural))

    def as_of(self):
        """When what the file says was so, in words."""
        return moment(timezone.now())

    def definitions(self):
        """What words and figures in the file mean: (term, meaning)."""
        return ()

    def render_to_response(self, context, **response_kwargs):
        form = self.request.GET.get("export")
        if form not in FORMS:
            return super().render_to_response(context, **response_kwargs)
        columns = self.columns()
        rows = ([of(row) for _heading, of in columns] for row in self.object_list.iterator(FETCHED))
        taken = export.Taken(
            self.export_title(),
            self.model,
            self.request.user,
            context["paginator"].count,
            in_words(self.filterset),
        )
        about = [(_("As of"), self.as_of()), *self.definitions()]
        headings = [heading for heading, _of in columns]
        return export.answer(form, self.export_name, columns=headings, rows=rows, about=about, taken=taken)

    def get_context_data(self, **kwargs):
        exports = {form: address(self.request.GET, export=form, page=None) for form in FORMS}
        return super().get_context_data(exports=exports, is_filtered=self.is_filtered(), **kwargs)

    def is_filtered(self):
        """Whether the address narrows the rows, so that an empty list can say why."""
        return any(value for name, value in self.request.GET.items() if name not in ("page", "sort", "export"))
