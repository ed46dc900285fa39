"""Published examples of the standards: GB 32100-2015 for the 18 characters, ISO 7064 MOD 11,10 for the 15 digits."""

import pytest

from whitelist.core.codes import check_digit, read_code


@pytest.mark.parametrize("code", ["91350100M000100Y43", "914403001922038216", "91310000132260250X"])
def test_codes_that_the_standard_gives(code):
    verdict = read_code(code)
    assert (verdict.fault, verdict.doubt, verdict.kind) == ("", "", "uscc")
    assert check_digit(code[:17]) == code[17]


def test_a_letter_outside_the_alphabet_is_a_fault():
    assert read_code("91350100M000100Y4Z").fault == "uscc_charset"


@pytest.mark.parametrize("code", ["91350211M0000XUF46", "91350100M0001TGQXM"])
def test_genuine_codes_of_2015_with_a_wrong_last_character_only_raise_a_doubt(code):
    verdict = read_code(code)
    assert (verdict.fault, verdict.doubt) == ("", "uscc_check_digit")
    assert verdict.suggestion[:17] == code[:17] and verdict.suggestion[17] == check_digit(code[:17])


@pytest.mark.parametrize("letter", "IOSVZ")
def test_the_five_letters_that_look_like_others_never_occur(letter):
    assert read_code(f"9135010{letter}M000100Y43").fault == "uscc_charset"
