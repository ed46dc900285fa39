"""Queries that are asked many times a second: compiled into SQL once, then run with other values in the same places.

The query stays where it is defined; what is kept is only what Django would write anew each time. The database keeps
its plan too: with a dozen joins, planning takes longer than answering.
"""

from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models.query import get_related_populators


class Compiled:
    """A queryset whose values are marks; `rows` and `first` put what the marks stand for in their places."""

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
        with self.cursor() as cursor:
            cursor.execute(self.sql, [value_of(mark) for mark in self.marks])
            found = cursor.fetchall()
        return list(self.compiler.apply_converters(found, self.converters)) if self.converters else found

    def cursor(self):
        """A cursor that leaves values out of the text, so that the statement is prepared once for each connection.

        Where statements are recorded it is Django's own, which records them with their values.
        """
        connection = connections[self.database]
        if connection.queries_logged:
            return connection.cursor()
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        return connection._prepare_cursor(ServerBindingCursor(connection.connection))

    def first(self, value_of):
        """The first row as the object that it is, with what the queryset selects along with it; None without a row."""
        found = self.rows(value_of)
        if not found:
            return None
        about, select, (row, *_others) = self.compiler.klass_info, self.compiler.select, found
        start, end = about["select_fields"][0], about["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[start:end]]
        made = about["model"].from_db(self.database, names, row[start:end])
        for related in self.populators:
            related.populate(row, made)
        return made
