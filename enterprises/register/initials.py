"""The first letters of a Chinese name's pinyin: 重庆 is cq. A search by them is how officials type a name fastest."""

import unicodedata
from functools import cache, lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

LONGEST = 5  # characters of the longest phrase that is looked for


def initials(name):
    """`initials("重庆长安汽车")` is "cqcaqc". What is not Chinese stays as it is."""
    letters = [_letter(char) for char in name]
    for place, char in enumerate(name):
        for phrase, read in _odd().get(char, ()):
            if name.startswith(phrase, place):
                letters[place : place + len(phrase)] = read
                break
    return "".join(letters)


@lru_cache(maxsize=20_000)
def _letter(char):
    return lazy_pinyin(char, style=Style.FIRST_LETTER, errors="default")[0]


@cache
def _odd():
    """Phrases in which a character begins otherwise than alone, by their first character, the longest first."""
    odd: dict = {}
    for phrase, said in PHRASES_DICT.items():
        if len(phrase) <= LONGEST and len(phrase) == len(said):
            read = [unicodedata.normalize("NFD", each[0])[0] for each in said]
            if any(letter != _letter(char) for letter, char in zip(read, phrase, strict=True)):
                odd.setdefault(phrase[0], []).append((phrase, read))
    for phrases in odd.values():
        phrases.sort(key=lambda each: -len(each[0]))
    return odd
