"""The rule that an enterprise stands on a list once at a time has an index that serves nothing else."""

from django.db import connection

from enterprises.models import Listing

COLUMNS = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indexrelid = 'listing_once_at_a_time'::regclass
"""


def test_no_column_that_others_look_up_by_is_a_key_of_it(db):
    """A key on the enterprise alone is taken by the planner for every look-up, and reads ten times the pages."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        assert [name for (name,) in cursor.fetchall()] == ["days"]


def test_the_rule_tells_lists_and_enterprises_apart(make):
    firms, lists = [make.enterprise(), make.enterprise()], [make.white_list("310000"), make.white_list("220000")]
    for firm in firms:
        for white_list in lists:
            make.listing(of=firm, on=white_list)
    assert Listing.objects.count() == 4
