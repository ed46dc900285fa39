"""Whose list an enterprise belongs on: the one definition, for nominations and for the day's facts alike.

It is that of the office nearest above the plant that keeps an open list: county, prefecture, province. A city under
separate planning thus comes before its province; the ministry's list is nobody's nearest.
"""

from django.db import connection

from enterprises.whitelists.models import WhiteList
from whitelist.accounts.models import Office, OfficeKind, above
from whitelist.core.days import today

NEAREST = """
SELECT list.id AS white_list_id
FROM enterprises_whitelist list JOIN accounts_office office ON office.id = list.office_id
WHERE office.division_id IN ({place}, left({place}, 4) || '00', left({place}, 2) || '0000')
  AND office.division_id <> '000000'
  AND list.closed_on IS NULL AND list.opened_on <= %(day)s AND list.ends_on > %(day)s
ORDER BY office.division_id DESC, (office.kind = 'industry') DESC, (list.kind = 'key_industry') DESC, list.id
LIMIT 1
"""


def nearest_list(enterprise, day=None):
    """The list meant for an enterprise, None where no office above its plant keeps an open one."""
    with connection.cursor() as cursor:
        cursor.execute(
            NEAREST.format(place="%(place)s::text"), {"place": enterprise.division_id, "day": day or today()}
        )
        found = cursor.fetchone()
    return found and WhiteList.objects.select_related("office").get(pk=found[0])


def industry_office_over(enterprise):
    """The industry office of the reporting unit in which a plant stands, None where there is none."""
    offices = Office.objects.filter(kind=OfficeKind.INDUSTRY, division__is_reporting_unit=True)
    return offices.filter(division__in=above(enterprise.division_id)).order_by("-division_id").first()
