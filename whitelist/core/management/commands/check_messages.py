"""Fails when a sentence of the code or templates is missing from the catalogue, or not translated there."""

import ast
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


def entries(path):
    """(message id, translation, is fuzzy) of a .po file, obsolete ones left out; a context stands before its id."""
    found, current, fuzzy, key = [], {}, False, None
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
        elif line.startswith(("msgctxt ", "msgid ", "msgid_plural ", "msgstr")):
            key, _space, text = line.partition(" ")
            current[key] = ast.literal_eval(text)
        elif line.startswith('"'):
            current[key] += ast.literal_eval(line)
        elif not line.strip() and "msgid" in current:
            text = next((value for name, value in current.items() if name.startswith("msgstr") and not value), "·")
            message = "\x04".join(filter(None, (current.get("msgctxt"), current["msgid"])))
            found.append((message, "" if text == "" else "·", fuzzy))
            current, fuzzy = {}, False
    return [entry for entry in found if entry[0]]


class Command(BaseCommand):
    help = "Check that every sentence is in the catalogue and translated."
    requires_system_checks: list = []

    def handle(self, **options):
        catalogue = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"
        with tempfile.TemporaryDirectory() as scratch:
            kept = Path(scratch) / "django.po"
            shutil.copy(catalogue, kept)
            try:
                call_command("makemessages", locale=["zh_Hans"], no_obsolete=True, add_location="file", verbosity=0)
                needed = {message for message, _text, _fuzzy in entries(catalogue)}
            finally:
                shutil.copy(kept, catalogue)
        have = {message: text and not fuzzy for message, text, fuzzy in entries(catalogue)}
        missing = sorted(needed - set(have))
        open_ = sorted(message for message in needed & set(have) if not have[message])
        stale = sorted(set(have) - needed)
        for title, messages in (("missing", missing), ("not translated", open_), ("no longer used", stale)):
            for message in messages:
                self.stdout.write(f"{title}: {message!r}")
        if missing or open_ or stale:
            raise CommandError(
                f"{len(missing)} missing, {len(open_)} not translated, {len(stale)} unused: run make messages"
            )
        self.stdout.write(f"{len(needed)} sentences, all translated")
