"""The one definition of cover and level, for the daily run, the report's receipt and the tests alike.

Cover in days at the end of day D, from the last reading:
(on hand + confirmed arrivals since, up to D − daily use × days since the reading) ÷ daily use, not below 0.
Daily use is the larger of the declared figure and the mean of the last 7 readings. A level's limit is strict:
cover < limit. A reading older than 3 days is projected and marked so; older than 7 days, or none, is grey. No use gives
no warning, unless the plant is stopped for want of the very material, which is red (product section 6).
"""

PROJECTED_AFTER = 3  # days since the reading
GREY_AFTER = 7  # days since the reading
READINGS_IN_MEAN = 7

RANK = {"red": 0, "yellow": 1, "blue": 2, "grey": 3, "normal": 4}

CHOSEN_RULE = """
SELECT kind.chain, kind.material_id, chosen.* FROM (SELECT DISTINCT chain, material_id FROM pair) kind
CROSS JOIN LATERAL (
    SELECT id AS rule_id, red, yellow, blue FROM alerts_warningrule rule
    WHERE rule.starts_on <= %(day)s AND rule.chain IN ('', kind.chain)
      AND (rule.material_id IS NULL OR rule.material_id = kind.material_id)
    ORDER BY (rule.material_id IS NOT NULL) DESC, (rule.chain <> '') DESC, rule.starts_on DESC LIMIT 1
) chosen
"""

FIGURES = f"""
SELECT pair.enterprise_id, pair.material_id, pair.code, pair.material_code,
       rule.rule_id, rule.red, rule.yellow, rule.blue,
       reading.day AS read_on, reading.on_hand, reading.stopped_for_want,
       %(day)s::date - reading.day AS age,
       greatest(reading.daily_use, reading.mean_use) AS daily_use,
       coalesce(coming.quantity, 0) AS arrived
FROM pair
JOIN rule ON rule.chain = pair.chain AND rule.material_id = pair.material_id
LEFT JOIN LATERAL (
    SELECT (array_agg(past.day ORDER BY past.day DESC))[1] AS day,
           (array_agg(past.on_hand ORDER BY past.day DESC))[1] AS on_hand,
           (array_agg(past.daily_use ORDER BY past.day DESC))[1] AS daily_use,
           (array_agg(past.arrivals ORDER BY past.day DESC))[1] AS arrivals,
           (array_agg(past.stopped_for_want ORDER BY past.day DESC))[1] AS stopped_for_want,
           avg(past.daily_use) AS mean_use
    FROM (
        SELECT day, on_hand, daily_use, arrivals, stopped_for_want FROM enterprises_stockreading
        WHERE enterprise_id = pair.enterprise_id AND material_id = pair.material_id AND day <= %(day)s
        ORDER BY day DESC LIMIT {READINGS_IN_MEAN}
    ) past
) reading ON true
LEFT JOIN LATERAL (
    SELECT sum((item->>'quantity')::numeric) AS quantity FROM jsonb_array_elements(reading.arrivals) item
    WHERE (item->>'on')::date > reading.day AND (item->>'on')::date <= %(day)s
) coming ON reading.arrivals <> '[]'::jsonb
"""

COVERED = """
SELECT figures.*,
       CASE WHEN daily_use > 0
            THEN greatest((on_hand + arrived - daily_use * age) / daily_use, 0) END AS cover
FROM figures
"""

RAW_LEVEL = f"""
CASE WHEN read_on IS NULL OR age > {GREY_AFTER} THEN 'grey'
     WHEN stopped_for_want THEN 'red'
     WHEN cover IS NULL THEN 'normal'
     WHEN cover < red THEN 'red' WHEN cover < yellow THEN 'yellow' WHEN cover < blue THEN 'blue'
     ELSE 'normal' END
"""

PAIRS = """
SELECT key.enterprise_id, key.material_id, enterprise.chain,
       coalesce(enterprise.uscc, enterprise.registration_no) AS code,
       material.code AS material_code
FROM enterprises_keymaterial key
JOIN enterprises_enterprise enterprise ON enterprise.id = key.enterprise_id
JOIN enterprises_material material ON material.id = key.material_id
"""

DUE_PAIRS = f"""{PAIRS}
JOIN enterprises_reportdue due ON due.enterprise_id = key.enterprise_id AND due.day = %(day)s
WHERE key.since_on <= %(day)s
"""

OWN_PAIRS = f"{PAIRS} WHERE key.enterprise_id = ANY(%(enterprises)s) AND key.since_on <= %(day)s"


def judged(pairs):
    """The statement that judges pairs at the end of `%(day)s`: figures, cover and raw level, one row a pair."""
    return f"""
WITH pair AS ({pairs}), rule AS ({CHOSEN_RULE}), figures AS ({FIGURES}), covered AS ({COVERED})
SELECT covered.*, {RAW_LEVEL} AS raw_level,
       coalesce(age BETWEEN {PROJECTED_AFTER + 1} AND {GREY_AFTER}, false) AS is_projected
FROM covered
"""


def settled(raw, before, raw_before):
    """The SQL of the level after hysteresis: worsens at once, improves only after two good days in a row.

    `before` is yesterday's level and `raw_before` its raw one; without them yesterday was normal. A day without data
    neither improves nor worsens an open episode.
    """

    def rank(level):
        return f"array_position(ARRAY['red','yellow','blue','normal'], {level})"

    return f"""
CASE WHEN {before} IS NULL OR {before} = 'grey' THEN {raw}
     WHEN {raw} = 'grey' THEN {before}
     WHEN {rank(raw)} <= {rank(before)} THEN {raw}
     WHEN {raw_before} <> 'grey' AND {rank(raw_before)} > {rank(before)}
          THEN CASE WHEN {rank(raw_before)} < {rank(raw)} THEN {raw_before} ELSE {raw} END
     ELSE {before} END
"""
