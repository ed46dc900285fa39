"""Queries that are asked many times a second: compiled into SQL once, then run with other values in the same places.

The query stays where it is defined; what is kept is only what Django would write anew each time. The database keeps
its plan too: with a dozen joins, planning takes longer than answering.
"""

from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models.query import get_related_populators


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
