"""The first letters of a Chinese name's pinyin: 重庆 is cq. A search by them is how officials type a name fastest."""

import unicodedata
from functools import cache
from operator import add

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

LONGEST = 5  # characters of the longest phrase that is looked for


def initials(name):
    """`initials("重庆长安汽车")` is "cqcaqc". What is not Chinese stays as it is."""
    odd, characters = _odd()
    plain = name.translate(_letters)
    if characters.isdisjoint(name) or odd.keys().isdisjoint(map(add, name, name[1:])):
        return plain
    letters = list(plain)
    for place in range(len(name) - 1):
        for phrase, read in odd.get(name[place : place + 2], ()):
            if name.startswith(phrase, place):
                letters[place : place + len(phrase)] = read
                break
    return "".join(letters)


class Letters(dict):
    """The letter of each character, by its number as `str.translate` asks for it, looked up when it is first met."""

    def __missing__(self, number):
        self[number] = lazy_pinyin(chr(number), style=Style.FIRST_LETTER, errors="default")[0]
        return self[number]


_letters = Letters()


@cache
def _odd():
    """Phrases in which a character begins otherwise than alone, by their first two characters, the longest first; and
    all such characters.
    """
    odd: dict = {}
    characters = set()
    for phrase, said in PHRASES_DICT.items():
        if 2 <= len(phrase) <= LONGEST and len(phrase) == len(said):
            read = [unicodedata.normalize("NFD", each[0])[0] for each in said]
            others = {char for letter, char in zip(read, phrase, strict=True) if letter != _letters[ord(char)]}
            if others:
                characters |= others
                odd.setdefault(phrase[:2], []).append((phrase, read))
    for phrases in odd.values():
        phrases.sort(key=lambda each: -len(each[0]))
    return odd, frozenset(characters)
