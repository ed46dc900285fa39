"""Codes of the field: what refuses, what only warns, and what the sentence says. All codes here are invented."""

import pytest

from whitelist.core.codes import check_digit, read_code

RIGHT = "91370100098765430"
RIGHT += check_digit(RIGHT)


def test_a_right_code_passes_silently():
    verdict = read_code(RIGHT)
    assert (verdict.fault, verdict.doubt, verdict.normalised) == ("", "", False)


def test_full_width_spaces_and_lower_case_are_put_right_and_said():
    verdict = read_code(f" ９{RIGHT[1:6]} {RIGHT[6:].lower()}")
    assert verdict.code == RIGHT and verdict.normalised


@pytest.mark.parametrize("number", ["370000000000015", "370000NA000001X"])
def test_old_registration_numbers_are_kept_those_of_cooperatives_too(number):
    verdict = read_code(number)
    assert verdict.kind == "registration_no" and not verdict.fault


def test_a_letter_o_names_the_code_that_was_meant():
    verdict = read_code(RIGHT.replace("0", "O", 1))
    assert verdict.fault == "uscc_charset" and verdict.suggestion == RIGHT and RIGHT in str(verdict.detail)


def test_a_letter_o_in_a_code_that_is_wrong_anyway_says_both():
    verdict = read_code(RIGHT.replace("0", "O", 1)[:-1] + ("1" if RIGHT[-1] != "1" else "2"))
    assert verdict.fault == "uscc_charset" and not verdict.suggestion
    assert "does not fit either" in str(verdict.detail)


def test_a_wrong_last_character_is_a_doubt_that_says_which_it_should_be():
    verdict = read_code(RIGHT[:-1] + ("1" if RIGHT[-1] != "1" else "2"))
    assert verdict.doubt == "uscc_check_digit" and verdict.suggestion == RIGHT
    assert f"demand {RIGHT[-1]}" in str(verdict.detail)


def test_two_exchanged_characters_are_found():
    verdict = read_code(RIGHT[:12] + RIGHT[13] + RIGHT[12] + RIGHT[14:])
    assert verdict.suggestion == RIGHT
    assert "Characters 13 and 14" in str(verdict.detail)


def test_a_body_that_does_not_fit_in_itself_is_said():
    assert "organisation code" in str(read_code(RIGHT[:10] + "2" + RIGHT[11:]).detail)


@pytest.mark.parametrize("text", ["", "123", "9137010000000000", "９" * 19])
def test_any_other_length_is_a_fault(text):
    assert read_code(text).fault == "code_length"
