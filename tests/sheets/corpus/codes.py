"""What is wrong in the cells: codes, repetitions, divisions, words and numbers."""

from tests.sheets.corpus.base import (
    CODE,
    COUNTY,
    NAME,
    STAFF,
    Case,
    Expect,
    Known,
    csv_of,
    error,
    firm,
    refused,
    registration,
    table,
    takes,
    uscc,
    warning,
    with_good,
    wrong_digit,
)

CSV = "名单.csv"
RIGHT = uscc(101)
FULL_WIDTH = str.maketrans({n: n + 0xFEE0 for n in range(0x21, 0x7F)})
WITH_U, WITH_5, WITH_2 = uscc(102, letters="MU3"), uscc(55555), uscc(22222)
SWAPPED = RIGHT[:4] + RIGHT[5] + RIGHT[4] + RIGHT[6:]


def good(*rows, good=20):
    """A file of good rows with the rows in question below them."""
    return lambda: csv_of(with_good(*rows, good=good))


def only(*rows):
    return lambda: csv_of(table(*rows))


def gate(bad, of=100):
    return lambda: csv_of(table(*(firm(n, wrong_digit(uscc(n)) if n <= bad else None) for n in range(1, of + 1))))


def checks(bad):
    """The doubts of the first rows, each at its code."""
    return tuple(warning(row, CODE, "uscc_check_digit") for row in range(2, bad + 2))


def charset(*rows):
    return tuple(error(row, CODE, "uscc_charset") for row in rows)


COOPERATIVE = "370102NA000123X"
OLD_WRONG = registration(1)[:-1] + str((int(registration(1)[-1]) + 1) % 10)
SPELLINGS = (
    RIGHT.lower(),
    uscc(102).translate(FULL_WIDTH),
    f" {uscc(103)[:8]} {uscc(103)[8:]}",
    f"{uscc(104)}\t",
    f"\u200b{uscc(105)}",
)
LETTERS = (WITH_5.replace("5", "S"), WITH_2.replace("2", "Z"), WITH_U.replace("U", "V"))
MEANT = {42: WITH_5, 43: WITH_2, 44: WITH_U}
KNOWN = Known(uscc(1), "样例机械1厂（虚构）", staff_total=101)
OTHER_NAME = Known(uscc(1), "样例旧名厂（虚构）", staff_total=101)
ALL_AT_ONCE = (
    error(22, CODE, "code_length"),
    error(22, NAME, "name_required"),
    error(22, COUNTY, "unknown_division"),
    error(22, STAFF, "negative"),
)
CLASH = (error(22, CODE, "contradicts_row"), error(23, CODE, "contradicts_row"))
EXCEL_TEXT = (f'="{uscc(101)}"', f"'{uscc(102)}")

CASES = (
    Case(
        "code_letter_o",
        CSV,
        good(firm(101, RIGHT.replace("0", "O"))),
        takes(20, *charset(22), suggestions={22: RIGHT}),
    ),
    Case(
        "code_letter_i",
        CSV,
        good(firm(101, RIGHT.replace("1", "I"))),
        takes(20, *charset(22), suggestions={22: RIGHT}),
    ),
    Case(
        "code_letters_s_z_v",
        CSV,
        good(*(firm(101 + n, code) for n, code in enumerate(LETTERS)), good=40),
        takes(40, *charset(42, 43, 44), suggestions=MEANT),
        "these letters never occur",
    ),
    Case(
        "code_chinese_letters",
        CSV,
        good(firm(101, RIGHT[:17] + "号")),
        takes(20, *charset(22)),
    ),
    Case(
        "code_spellings",
        CSV,
        good(*(firm(101 + n, code) for n, code in enumerate(SPELLINGS))),
        Expect(created=25, notes={"normalised": 5, "values": {(22, CODE): RIGHT, (23, CODE): uscc(102)}}),
        "lower case, full width, spaces, a tab, an invisible character: normalised, counted and said",
    ),
    Case(
        "code_excel_text",
        CSV,
        good(*(firm(101 + n, code) for n, code in enumerate(EXCEL_TEXT))),
        Expect(created=22, notes={"normalised": 2, "values": {(22, CODE): RIGHT}}),
        "the two ways to keep Excel from making a number of it",
    ),
    Case(
        "code_check_digit",
        CSV,
        good(firm(101, wrong_digit(RIGHT))),
        Expect(created=21, faults=(warning(22, CODE, "uscc_check_digit"),), notes={"suggestions": {22: RIGHT}}),
        "a warning with evidence: genuine codes of 2015 fail it",
    ),
    Case(
        "code_swapped",
        CSV,
        good(firm(101, SWAPPED)),
        takes(21, warning(22, CODE, "uscc_check_digit")),
    ),
    Case(
        "code_17_and_19",
        CSV,
        good(firm(101, RIGHT[:17]), firm(102, uscc(102) + "1")),
        takes(20, error(22, CODE, "code_length"), error(23, CODE, "code_length")),
    ),
    Case(
        "code_scientific",
        CSV,
        good(firm(101, "9.13701E+17")),
        takes(20, error(22, CODE, "precision_lost")),
    ),
    Case("gate_85", CSV, gate(15), refused("too_many_bad_codes"), "fewer than 90 % of the codes pass"),
    Case("gate_89", CSV, gate(11), refused("too_many_bad_codes")),
    Case("gate_90", CSV, gate(10), takes(100, *checks(10)), "exactly 90 % is not fewer"),
    Case("gate_92", CSV, gate(8), takes(100, *checks(8))),
    Case(
        "gate_old_numbers",
        CSV,
        good(*(firm(100 + n, registration(n)) for n in range(1, 11))),
        takes(30, values={(22, CODE): registration(1)}),
        "old registration numbers do not count against the file",
    ),
    Case(
        "registration_wrong",
        CSV,
        good(firm(101, OLD_WRONG)),
        takes(21, warning(22, CODE, "registration_check_digit")),
    ),
    Case("registration_of_cooperative", CSV, good(firm(101, COOPERATIVE)), takes(21)),
    Case(
        "code_blank",
        CSV,
        good(firm(101, "")),
        takes(20, error(22, CODE, "code_required")),
    ),
    Case(
        "name_blank",
        CSV,
        good(firm(101, name="　 ")),
        takes(20, error(22, NAME, "name_required")),
    ),
    Case("rows_all_blank", CSV, only(["", "", "", "", ""], [" ", "　", "", "\t", ""]), refused("no_rows")),
    Case(
        "name_too_long",
        CSV,
        only(firm(1, name="长" * 200), firm(2, name="长" * 199 + "厂厂")),
        takes(1, error(3, NAME, "too_long")),
        "200 characters are allowed",
    ),
    Case(
        "all_faults_at_once",
        CSV,
        good(firm(101, "913701", "", county="没有区", staff="-5")),
        takes(20, *ALL_AT_ONCE),
        "every fault of a row, not the first",
    ),
    Case("known_unchanged", CSV, only(firm(1)), Expect(unchanged=1), register=(KNOWN,)),
    Case(
        "known_updated",
        CSV,
        only(firm(1, staff="150"), firm(2)),
        Expect(created=1, updated=1, notes={"changes": {(2, STAFF): ("101", "150")}}),
        register=(KNOWN,),
    ),
    Case(
        "known_renamed",
        CSV,
        only(firm(1)),
        Expect(updated=1, notes={"changes": {(2, NAME): ("样例旧名厂（虚构）", "样例机械1厂（虚构）")}}),
        "the same code with another name is a change that is shown",
        register=(OTHER_NAME,),
    ),
    Case(
        "known_name_other_code",
        CSV,
        only(firm(2, name=KNOWN.name)),
        takes(1, warning(2, NAME, "same_name")),
        "perhaps a near-duplicate: shown side by side",
        register=(KNOWN,),
    ),
    Case(
        "known_retired",
        CSV,
        only(firm(1), firm(2)),
        takes(1, error(2, CODE, "retired")),
        register=(Known(uscc(1), "样例机械1厂（虚构）", staff_total=101, status="retired"),),
    ),
    Case(
        "known_elsewhere",
        CSV,
        only(firm(1), firm(2)),
        takes(1, error(2, CODE, "outside_division")),
        "a row must not pull an enterprise out of another province",
        register=(Known(uscc(1), "样例外省厂（虚构）", "320102"),),
    ),
    Case(
        "repeated_row",
        CSV,
        good(firm(101), firm(101)),
        Expect(created=21, unchanged=1, faults=(warning(23, CODE, "duplicate_row"),)),
        "the repetition adds nothing",
    ),
    Case(
        "repeated_row_other_spelling",
        CSV,
        good(firm(101), firm(101, RIGHT.lower())),
        Expect(created=21, unchanged=1, faults=(warning(23, CODE, "duplicate_row"),), notes={"normalised": 1}),
    ),
    Case(
        "contradicting_names",
        CSV,
        good(firm(101), firm(101, name="样例他名厂（虚构）")),
        takes(20, *CLASH),
        "which of the two is right cannot be told: neither is taken",
    ),
    Case(
        "contradicting_numbers",
        CSV,
        good(firm(101), firm(101, staff="999")),
        takes(20, *CLASH),
    ),
    Case(
        "same_name_twice",
        CSV,
        only(firm(1), firm(2, name="样例机械1厂（虚构）")),
        takes(2, warning(3, NAME, "same_name")),
        "said at the later row",
    ),
)
