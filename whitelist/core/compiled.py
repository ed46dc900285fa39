"""Queries that are asked many times a second: compiled into SQL once, then run with other values in the same places.

The query stays where it is defined; what is kept is only what Django would write anew each time.
"""

from django.db import connections
from django.db.models.query import get_related_populators


class Compiled:
    """A queryset whose values are marks; `rows` and `first` put what the marks stand for in their places."""

    def __init__(self, queryset):
        self.database = queryset.db
        self.compiler = queryset.query.get_compiler(using=self.database)
        self.sql, self.marks = self.compiler.as_sql()
        columns = [each[0] for each in self.compiler.select]
        self.converters = self.compiler.get_converters(columns)

    def rows(self, value_of):
        """The rows as tuples; `value_of` says for each mark what stands for it."""
        with connections[self.database].cursor() as cursor:
            cursor.execute(self.sql, [value_of(mark) for mark in self.marks])
            found = cursor.fetchall()
        return list(self.compiler.apply_converters(found, self.converters)) if self.converters else found

    def first(self, value_of):
        """The first row as the object that it is, with what the queryset selects along with it; None without a row."""
        found = self.rows(value_of)
        if not found:
            return None
        about, select, (row, *_others) = self.compiler.klass_info, self.compiler.select, found
        start, end = about["select_fields"][0], about["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[start:end]]
        made = about["model"].from_db(self.database, names, row[start:end])
        for related in get_related_populators(about, select, self.database):
            related.populate(row, made)
        return made
