"""Check a published file from the command line: exit code 0 and what it is, or 1 and what is wrong with it."""

from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from enterprises.whitelists.published.verification import keys_in, verify
from whitelist.core import seal

SECONDS = 15
LARGEST_KEY_SET = 1024 * 1024


class Command(BaseCommand):
    help = "Check that a file is byte for byte what was published and signed. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="the signed file, or the bare one together with --signature")
        parser.add_argument("--key", default="", help="public keys: address or file of keys.json, or one key in base64")
        parser.add_argument("--signature", default="", help="the signature, or a file with it, for a bare file")

    def handle(self, *, file, key, signature, **options):
        if not key and not settings.SIGNING_KEY:
            raise CommandError("Name the public keys by --key: there is no key of one's own here.")
        keys = keys_in(self.key_set(key)) if key else {seal.key_id(): seal.public_key()}
        if not keys:
            raise CommandError(f"There is no public key in {key}.")
        verdict = verify(self.read(file), keys, self.signature(signature))
        if not verdict.is_genuine:
            told = "\n".join(f"- {sentence} ({code})" for code, sentence in verdict.faults)
            raise CommandError(f"NOT GENUINE: {file}\n{told}")
        self.stdout.write(f"Genuine: {file}")
        for label, value in self.told(verdict):
            self.stdout.write(f"  {label}: {value}")

    @staticmethod
    def told(verdict):
        body = verdict.body
        listed = body.get("white_list", {})
        yield "format", body.get("format")
        yield "list", f"{listed.get('title')} ({listed.get('office') or body.get('office', {}).get('name')})"
        for name in ("number", "document_number", "effective_on", "ends_on"):
            if name in body:
                yield name.replace("_", " "), body[name]
        if "lines" in body:
            yield "lines", len(body["lines"])
        yield "key", verdict.key_id

    @staticmethod
    def read(name):
        try:
            return Path(name).read_bytes()
        except OSError as problem:
            raise CommandError(f"{name} cannot be read: {problem.strerror}.") from problem

    def key_set(self, name):
        if name.startswith(("http://", "https://")):
            try:
                with urlopen(name, timeout=SECONDS) as answer:
                    return answer.read(LARGEST_KEY_SET).decode(errors="replace")
            except (URLError, OSError) as problem:
                raise CommandError(f"{name} does not answer: {problem}.") from problem
        return self.read(name).decode(errors="replace") if Path(name).is_file() else name

    def signature(self, text):
        return self.read(text).decode(errors="replace").strip() if text and Path(text).is_file() else text
