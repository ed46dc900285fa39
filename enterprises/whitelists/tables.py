"""A table inside a page about something else: filtered, sorted, fifty rows a page, exported as shown."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from whitelist.core import export
from whitelist.core.tables import FETCHED, in_words
from whitelist.core.templatetags.face import address

ROWS = 50
FORMS = ("xlsx", "csv")
TONES = {"added": "better", "removed": "worse", "amended": "attention"}


class Table:
    """The rows of a queryset that the address asks for. A filter that is not right shows nothing.

    `all_rows` spares counting the rows of a page that has counted them already; it holds while nothing is filtered.
    """

    all_rows = None

    def __init__(self, request, queryset, filterset_class):
        self.asked, self.user = request.GET, request.user
        self.filter = filterset_class(self.asked, queryset=queryset, request=request)
        self.rows = self.filter.qs if self.filter.is_valid() else queryset.none()

    @cached_property
    def page(self):
        paginator = Paginator(self.rows, ROWS)
        if self.all_rows is not None and not self.is_filtered:
            paginator.count = self.all_rows
        return paginator.get_page(self.asked.get("page"))

    @property
    def exports(self):
        return {form: address(self.asked, export=form, page=None) for form in FORMS}

    @property
    def is_filtered(self):
        """Whether the address leaves rows out, so that an empty table can say why."""
        return any(self.asked.get(name) for name in self.filter.filters if name != "sort")

    @property
    def export_form(self):
        """`xlsx` or `csv` where the address asks for a file, else ''."""
        form = self.asked.get("export", "")
        return form if form in FORMS else ""

    def answer(self, name, columns, about):
        """All rows as the asked file; `columns` are (heading, what a row has there)."""
        rows = ([of(row) for _heading, of in columns] for row in self.rows.iterator(FETCHED))
        model, count = self.rows.model, self.page.paginator.count
        taken = export.Taken(
            capfirst(str(model._meta.verbose_name_plural)), model, self.user, count, in_words(self.filter)
        )
        headings = [heading for heading, _of in columns]
        return export.answer(self.export_form, name, columns=headings, rows=rows, about=about, taken=taken)


class Sections:
    """Several sets of rows on one page, each fifty a page of its own, exported together with the name of their set."""

    def __init__(self, request, named):
        self.asked, self.user = request.GET, request.user
        self.sets = [(key, heading, rows) for key, heading, rows in named]

    @cached_property
    def shown(self):
        return [self.section(*each) for each in self.sets]

    def __iter__(self):
        return iter(self.shown)

    def section(self, key, heading, rows):
        param = f"{key}_page"
        page = Paginator(rows, ROWS).get_page(self.asked.get(param))
        count = page.paginator.count
        tone = TONES.get(key, "") if count else ""
        return {
            "key": key,
            "heading": heading,
            "page": page,
            "param": param,
            "count": count,
            "tone": tone,
            "anchor": f"#{key}" if count else "",
        }

    @property
    def exports(self):
        return {form: address(self.asked, export=form) for form in FORMS}

    @property
    def export_form(self):
        form = self.asked.get("export", "")
        return form if form in FORMS else ""

    def answer(self, name, columns, about, *, model):
        """The rows of all sets as the asked file; `model` is what they are about."""
        count = sum(section["count"] for section in self)
        taken = export.Taken(_("Differences"), model, self.user, count)
        rows = ([of((heading, row)) for _h, of in columns] for _key, heading, found in self.sets for row in found)
        headings = [heading for heading, _of in columns]
        return export.answer(self.export_form, name, columns=headings, rows=rows, about=about, taken=taken)
