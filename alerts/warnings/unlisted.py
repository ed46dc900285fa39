"""What warnings say about lists: who feeds a listed enterprise in red and stands on no list itself.

Registered in `ADJUSTMENT_FINDERS`; it answers as `enterprises.whitelists.adjustments.finders` says. Of the buyer the
evidence names the enterprise, the material and since when it is red, never its stock.
"""

from alerts.warnings.services import newest_run
from enterprises.whitelists.nearest import NEAREST

FIRST = "(array_agg({column} ORDER BY warning.changed_on, judged.id))[1]"
SUPPLIERS_IN_RED = f"""
SELECT nearest.white_list_id, supplier.id AS enterprise_id,
       jsonb_build_object('buyers', count(DISTINCT link.buyer_id), 'buyer', {FIRST.format(column="buyer.name")},
                          'material', {FIRST.format(column="material.name")},
                          'material_en', {FIRST.format(column="material.name_en")},
                          'since', {FIRST.format(column="warning.changed_on")},
                          'sole', bool_or(link.is_sole_source)) AS evidence
FROM alerts_assessment judged
JOIN alerts_warning warning ON warning.id = judged.warning_id
JOIN enterprises_supplylink link ON link.buyer_id = judged.enterprise_id AND link.material_id = judged.material_id
JOIN enterprises_enterprise supplier ON supplier.id = link.supplier_id AND supplier.status = 'active'
JOIN enterprises_enterprise buyer ON buyer.id = link.buyer_id
JOIN enterprises_material material ON material.id = link.material_id
CROSS JOIN LATERAL ({NEAREST.format(place="supplier.division_id")}) nearest
WHERE judged.day = %(day)s AND judged.level = 'red' AND link.criticality <> 'none'
  AND EXISTS (SELECT 1 FROM enterprises_listing own WHERE own.enterprise_id = buyer.id AND own.days @> %(day)s::date)
  AND NOT EXISTS (
    SELECT 1 FROM enterprises_listing known
    WHERE known.enterprise_id = supplier.id AND (known.days @> %(day)s::date OR lower(known.days) > %(day)s::date))
GROUP BY nearest.white_list_id, supplier.id
"""


def suppliers_in_red(day):
    """Unlisted suppliers of listed enterprises with a red warning; nothing is said before the day's run."""
    return SUPPLIERS_IN_RED if newest_run(day) else None
