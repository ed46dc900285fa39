"""Django's makemessages, which also knows `translate`, our name for gettext where `_` is taken."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=translate"]
