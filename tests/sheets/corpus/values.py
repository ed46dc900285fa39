"""What is wrong in the other cells: divisions, fixed words and numbers."""

from tests.sheets.corpus.base import (
    BASIC,
    CHAIN,
    CITY,
    CODE,
    COUNTY,
    FIELD,
    HEADINGS,
    NAME,
    OUTPUT,
    POWER,
    SIZE,
    STAFF,
    TAGS,
    UNIT,
    VALUE,
    Case,
    Expect,
    csv_of,
    error,
    firm,
    firms,
    table,
    takes,
    uscc,
)

CSV = "名单.csv"
NAMES = {
    "chain": CHAIN, "field": FIELD, "size": SIZE, "tags": TAGS, "staff": STAFF,
    "output": OUTPUT, "unit": UNIT, "value": VALUE, "power": POWER,
}  # fmt: skip


def only(*rows):
    return lambda: csv_of(table(*rows))


def full(**cells):
    """A row of every column, blank where nothing is given."""
    values = dict.fromkeys(HEADINGS, "") | {
        CODE: uscc(1),
        NAME: "样例机械1厂（虚构）",
        CITY: "济南市",
        COUNTY: "历下区",
    }
    return lambda: csv_of([HEADINGS, list((values | {NAMES[key]: value for key, value in cells.items()}).values())])


CHOICES = {(2, CHAIN): "automobiles", (2, FIELD): "medical", (2, SIZE): "large"}
TAGGED = CHOICES | {(2, TAGS): "specialised_new,single_champion"}
WORDS = tuple(error(2, column, "unknown_choice") for column in (CHAIN, FIELD, SIZE, TAGS))
NEGATIVE = tuple(error(2, column, "negative") for column in (STAFF, OUTPUT, VALUE, POWER))
NO_NUMBERS = tuple(error(2, column, "not_a_number") for column in (STAFF, OUTPUT, VALUE, POWER))
SEPARATED = {(2, STAFF): "1200", (2, OUTPUT): "12345.6", (2, VALUE): "1234567.89", (2, POWER): "900"}

CASES = (
    Case("unit_too_long", CSV, full(unit="计" * 21), takes(0, error(2, UNIT, "too_long"))),
    Case(
        "division_outside",
        CSV,
        only(firm(1), firm(2, city="南京市", county=""), firm(3, city="上海市", county="浦东新区")),
        Expect(
            created=1, rejected=2, faults=(error(3, CITY, "outside_division"), error(4, COUNTY, "outside_division"))
        ),
        "said at the most precise cell that is filled",
    ),
    Case(
        "division_unknown",
        CSV,
        only(firm(1), firm(2, county="蓬莱仙区")),
        takes(1, error(3, COUNTY, "unknown_division")),
    ),
    Case(
        "division_unknown_city",
        CSV,
        only(firm(1), firm(2, city="济北市", county="")),
        takes(1, error(3, CITY, "unknown_division")),
    ),
    Case(
        "division_ambiguous",
        CSV,
        only(firm(1, city="", county="历下区"), firm(2, city="", county="市中区")),
        takes(1, error(3, COUNTY, "ambiguous_division")),
        "Jinan and Zaozhuang both have it",
    ),
    Case(
        "division_told_apart",
        CSV,
        only(firm(1, county="市中区"), firm(2, city="枣庄市", county="市中区")),
        takes(2),
    ),
    Case(
        "division_other_city",
        CSV,
        only(firm(1), firm(2, city="青岛市")),
        takes(1, error(3, COUNTY, "unknown_division")),
        "历下区 is not in Qingdao",
    ),
    Case(
        "division_abolished",
        CSV,
        only(firm(1), firm(2, city="莱芜市", county="")),
        takes(1, error(3, CITY, "unknown_division")),
    ),
    Case(
        "division_by_code",
        CSV,
        only(firm(1, city="370100", county="370102"), firm(2, county="")),
        takes(2),
        "and the city alone",
    ),
    Case(
        "choices_slugs",
        CSV,
        full(chain="automobiles", field="medical", size="large"),
        takes(1, values=CHOICES),
    ),
    Case(
        "choices_chinese",
        CSV,
        full(chain="汽车", field="医疗物资", size="大型", tags="专精特新、单项冠军"),
        takes(1, values=TAGGED),
    ),
    Case(
        "choices_english",
        CSV,
        full(chain="Automobiles", field="medical supplies", size="large"),
        takes(1, values=CHOICES),
    ),
    Case(
        "choices_unknown",
        CSV,
        full(chain="航天", field="其他", size="巨型", tags="专精特新、最佳"),
        takes(0, *WORDS),
    ),
    Case(
        "numbers_negative",
        CSV,
        full(staff="-1", output="-0.5", value="－3", power="-100"),
        takes(0, *NEGATIVE),
    ),
    Case(
        "numbers_text",
        CSV,
        full(staff="约300人", output="1.2万", value="不详", power="一百"),
        takes(0, *NO_NUMBERS),
    ),
    Case(
        "numbers_odd",
        CSV,
        full(staff="12.5", output="85%", value="NaN", power="Infinity"),
        takes(0, *NO_NUMBERS),
        "half a person, a share, two words that Python takes for numbers",
    ),
    Case(
        "numbers_separated",
        CSV,
        full(staff="1,200", output="12，345.6", value="1 234 567.89", power="９００"),
        takes(1, values=SEPARATED),
    ),
    Case(
        "numbers_zero_and_blank",
        CSV,
        full(staff="0", output="", value="0.00", power="0"),
        takes(1),
        "nothing is not zero",
    ),
    Case(
        "columns_in_other_order",
        CSV,
        lambda: csv_of([row[::-1] for row in [list(BASIC), *firms(2)]]),
        takes(2, values={(2, CODE): uscc(1)}),
    ),
)
