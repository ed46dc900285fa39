"""Queries that are asked many times a second: compiled into SQL once, then run with other values in the same places.

The query stays where it is defined; what is kept is only what Django would write anew each time. The database keeps
its plan too: with a dozen joins, planning takes longer than answering.
"""

from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models.query import get_related_populators


@contextmanager
def prepared(using=DEFAULT_DB_ALIAS):
    """Queries asked in here leave their values out of the text, so that each connection plans a statement once.

    For rows found by keys: days and ranges the planner judges by their values. Where statements are recorded they are
    recorded whole, as ever.
    """
    connection = connections[using]
    if connection.queries_logged:
        yield
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    usual, connection.connection.cursor_factory = connection.connection.cursor_factory, ServerBindingCursor
    try:
        yield
    finally:
        if connection.connection is not None:
            connection.connection.cursor_factory = usual


class Compiled:
    """A queryset whose values are marks; `rows` and `objects` put what the marks stand for in their places."""

    def __init__(self, queryset):
        self.database = queryset.db
        self.compiler = queryset.query.get_compiler(using=self.database)
        self.sql, self.marks = self.compiler.as_sql()
        columns = [each[0] for each in self.compiler.select]
        self.converters = self.compiler.get_converters(columns)
        about = self.compiler.klass_info
        self.populators = about and get_related_populators(about, self.compiler.select, self.database)

    def rows(self, value_of):
        """The rows as tuples; `value_of` says for each mark what stands for it."""
        with prepared(self.database), connections[self.database].cursor() as cursor:
            cursor.execute(self.sql, [value_of(mark) for mark in self.marks])
            found = cursor.fetchall()
        return list(self.compiler.apply_converters(found, self.converters)) if self.converters else found

    def objects(self, value_of):
        """The rows as the objects that they are, with what the queryset selects along with them."""
        about, found = self.compiler.klass_info, []
        start, end = about["select_fields"][0], about["select_fields"][-1] + 1
        names = [column[0].target.attname for column in self.compiler.select[start:end]]
        for row in self.rows(value_of):
            made = about["model"].from_db(self.database, names, row[start:end])
            for related in self.populators:
                related.populate(row, made)
            found.append(made)
        return found

    def first(self, value_of):
        """The first of the objects, None where there is none."""
        return next(iter(self.objects(value_of)), None)
