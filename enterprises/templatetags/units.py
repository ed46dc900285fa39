"""How pages say in what something is counted."""

from django import template

from enterprises.register.words import unit_said

register = template.Library()
register.filter("unit", unit_said)
