"""Whether a published file is genuine. Pure: it needs the file and the public keys, no database and no sign-in.

A signed file is an envelope in canonical JSON: the published text, its SHA-256, its Ed25519 signature, the key's id.
Every byte of it is bound: the text by hash and signature, the rest by the one way in which it can be written.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field

from whitelist.core import seal

FORMAT = "whitelist.signed/1"
NAMES = {"format", "file", "sha256", "signature", "key_id"}
LENGTHS = {"signature": 64, "key": 32}


@dataclass
class Verdict:
    """`faults` are (code, sentence); without any the file is genuine and `body` is what it says."""

    body: dict = field(default_factory=dict)
    key_id: str = ""
    faults: list = field(default_factory=list)

    @property
    def is_genuine(self):
        return not self.faults

    def fault(self, code, sentence):
        self.faults.append((code, sentence))
        return self


def sealed(row):
    """The envelope of a row that keeps `file`, `file_hash` and `file_signature`, as bytes."""
    return seal.canonical(
        {
            "format": FORMAT,
            "file": row.file,
            "sha256": row.file_hash,
            "signature": row.file_signature,
            "key_id": json.loads(row.file)["key_id"],
        }
    )


def verify(data, keys, signature=None):
    """The verdict on a signed file, or on a bare one with its signature beside it. `keys` are {key id: public key}."""
    verdict = Verdict()
    try:
        told = json.loads(data.decode())
    except ValueError:
        return verdict.fault("unreadable", "This is no JSON in UTF-8; the file is damaged or another one.")
    if isinstance(told, dict) and told.get("format") == FORMAT:
        return _of_envelope(verdict, data, told, keys)
    if not signature:
        return verdict.fault("no_signature", "The file carries no signature; name the one it was published with.")
    return _of_file(verdict, data, signature, keys)


def _of_envelope(verdict, data, told, keys):
    if set(told) != NAMES or not all(isinstance(value, str) for value in told.values()):
        return verdict.fault("not_as_published", "The envelope does not hold what a signed file holds.")
    if seal.canonical(told) != data:
        verdict.fault("not_as_published", "The envelope was written anew: its bytes are not those published.")
    file = told["file"].encode(errors="replace")
    if seal.sha256(file) != told["sha256"]:
        verdict.fault("hash_differs", "The content does not belong to the SHA-256 that stands beside it.")
    _of_file(verdict, file, told["signature"], keys)
    if verdict.key_id != told["key_id"]:
        verdict.fault("key_differs", "The envelope names another key than the content.")
    return verdict


def _of_file(verdict, file, signature, keys):
    try:
        body = json.loads(file.decode())
    except ValueError:
        return verdict.fault("unreadable", "The content is no JSON in UTF-8.")
    if not isinstance(body, dict) or not isinstance(body.get("key_id"), str):
        return verdict.fault("no_key_named", "The content does not say with which key it was signed.")
    verdict.body, verdict.key_id = body, body["key_id"]
    public = keys.get(verdict.key_id)
    if public is None:
        known = ", ".join(sorted(keys)) or "none"
        return verdict.fault("unknown_key", f"It was signed with key {verdict.key_id}; known are: {known}.")
    if not _is_plain(public, "key") or not _is_plain(signature, "signature"):
        return verdict.fault("malformed_signature", "The signature or the key is not written as it was published.")
    if not seal.is_genuine(file, signature, public):
        verdict.fault("signature_differs", "The signature does not belong to these bytes: something was changed.")
    return verdict


def _is_plain(text, what):
    """Whether it is base64 of the right length, written in the only way that counts."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == LENGTHS[what] and base64.b64encode(raw).decode() == text


def keys_in(text):
    """{key id: public key} of a published key set, or of one bare public key in base64."""
    try:
        told = json.loads(text)
    except ValueError:
        told = text.strip()
    if isinstance(told, dict):
        rows = told.get("keys") if isinstance(told.get("keys"), list) else [told]
        found = [row.get("x") for row in rows if isinstance(row, dict)]
    else:
        found = [told]
    return {
        seal.sha256(base64.b64decode(each))[:16]: each
        for each in found
        if isinstance(each, str) and _is_plain(each, "key")
    }
