"""The first letters of a Chinese name's pinyin: 重庆 is cq. A search by them is how officials type a name fastest."""

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import accumulate

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

LONGEST = 5  # characters of the longest phrase that is looked for
BETWEEN = "\0"  # stands in no text that a database takes


def initials(name):
    """`initials("重庆长安汽车")` is "cqcaqc". What is not Chinese stays as it is."""
    return initials_of([name])[0]


def initials_of(names):
    """The initials of each of one or more names."""
    text = BETWEEN.join(names)
    found = text.translate(_letters).split(BETWEEN)
    ends = list(accumulate(len(name) + 1 for name in names))
    for number in {bisect_right(ends, place) for place in _where_odd(text)}:
        found[number] = _as_in_phrases(names[number], found[number])
    return found


class Letters(dict):
    """The letter of each character, by its number as `str.translate` asks for it, looked up when it is first met."""

    def __missing__(self, number):
        self[number] = lazy_pinyin(chr(number), style=Style.FIRST_LETTER, errors="default")[0]
        return self[number]


_letters = Letters()


def _where_odd(text):
    """The places of characters that may begin otherwise here than alone, as the one before or after them suggests."""
    _phrases, odd, pairs = _odd()
    places = (found.start() for found in odd.finditer(text))
    return [place for place in places if text[place : place + 2] in pairs or text[place - 1 : place + 1] in pairs]


def _as_in_phrases(name, letters):
    """The letters of a name, those of its phrases put right."""
    phrases, _odd_characters, _pairs = _odd()
    letters = list(letters)
    for place in range(len(name) - 1):
        for phrase, read in phrases.get(name[place : place + 2], ()):
            if name.startswith(phrase, place):
                letters[place : place + len(phrase)] = read
                break
    return "".join(letters)


@cache
def _odd():
    """Phrases in which a character begins otherwise than alone, by their first two characters, the longest first; what
    finds all such characters; and the pairs that one of each phrase makes with its neighbour.
    """
    phrases: dict = {}
    characters, pairs = set(), set()
    for phrase, said in PHRASES_DICT.items():
        if 2 <= len(phrase) <= LONGEST and len(phrase) == len(said):
            read = [unicodedata.normalize("NFD", each[0])[0] for each in said]
            others = [at for at, char in enumerate(phrase) if read[at] != _letters[ord(char)]]
            if others:
                characters |= {phrase[at] for at in others}
                start = max(others[0] - 1, 0)
                pairs.add(phrase[start : start + 2])
                phrases.setdefault(phrase[:2], []).append((phrase, read))
    for some in phrases.values():
        some.sort(key=lambda each: -len(each[0]))
    return phrases, re.compile(f"[{re.escape(''.join(sorted(characters)))}]"), pairs
