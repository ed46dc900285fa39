"""Loading many rows at once: COPY with ids counted here, so that the same rows get the same ids."""

from django.db import connection
from django.db.models import Max
from psycopg import sql


def first_free(model):
    """The id that the next row of a table gets."""
    return (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def copy_in(model, fields, rows):
    """COPY rows into a model's table; returns the first row's id.

    A row is a tuple in the order of `fields`, without id, or the same as a line of COPY's text format, which is
    quicker by the million. Fields not named get the model's default. Ids count upwards from the highest there is; the
    sequence is moved behind them.
    """
    start = number = first_free(model)
    meta = model._meta
    rest = [
        field for field in meta.concrete_fields if field.name not in fields and not field.primary_key and not field.null
    ]
    constants = tuple(field.get_db_prep_save(field.get_default(), connection) for field in rest)
    columns = [meta.pk.column, *(meta.get_field(name).column for name in fields), *(field.column for field in rest)]
    ending = "".join(f"\t{value}" for value in constants)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(meta.db_table), names)) as copy:
            for row in rows:
                if isinstance(row, str):
                    copy.write(f"{number}\t{row}{ending}\n")
                else:
                    copy.write_row((number, *row, *constants))
                number += 1
        if number > start:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [meta.db_table, number - 1])
    return start


def run_sql(statement, **named):
    with connection.cursor() as cursor:
        cursor.execute(statement, named or None)
        return cursor.rowcount
