"""What the register itself says about listings. Rooms above register finders of their own in `ADJUSTMENT_FINDERS`.

A finder takes a day and answers with SQL that names %(day)s alone and finds `white_list_id`, `enterprise_id` and
`evidence`, one row for each list and enterprise; or with None where the day's facts are not in yet.
"""

RETIRED = """
SELECT listing.white_list_id, firm.id AS enterprise_id,
       jsonb_build_object('retired_on', firm.retired_on, 'reason', firm.retired_reason, 'standing', firm.status,
                          'listed_since', lower(listing.days)) AS evidence
FROM enterprises_listing listing
JOIN enterprises_enterprise firm ON firm.id = listing.enterprise_id
WHERE upper_inf(listing.days) AND listing.days @> %(day)s::date
  AND firm.status <> 'active' AND coalesce(firm.retired_on <= %(day)s, true)
"""


def retired(day):
    """Enterprises that stand on a list although they are no longer active in the register."""
    return RETIRED
