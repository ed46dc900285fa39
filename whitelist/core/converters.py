"""What may stand in an address: days and enterprise codes."""

from datetime import date


class DayConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return str(value)


class CodeConverter:
    """USCC, registration number, or an id."""

    regex = r"[0-9A-Za-z]{1,18}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)
