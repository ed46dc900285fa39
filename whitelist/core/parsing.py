"""Bodies as the API reads them: JSON that the database can hold, and no deeper than any shape."""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 32
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


def check_text(text):
    if HALF_A_CHARACTER.search(text):
        raise ParseError(_("The body contains half a character: a surrogate without its other half."))


def check(data):
    """Refuse what is nested too deeply and what is no text; told without recursion, so at any depth."""
    level, depth = [data], 0
    while level:
        if depth > DEEPEST:
            raise ParseError(_("The body is nested too deeply."))
        below = []
        for each in level:
            if isinstance(each, str):
                check_text(each)
            elif isinstance(each, dict):
                for name in each:
                    check_text(name)
                below += each.values()
            elif isinstance(each, list):
                below += each
        level, depth = below, depth + 1


class PlainJSONParser(JSONParser):
    """JSON whose depth is bounded and whose strings are text."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        check(data)
        return data
