"""Signing what the product publishes: Ed25519, one key from the environment, public keys for everybody to check."""

import base64
import hashlib
import json
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings


def canonical(body):
    """The bytes that are hashed and signed: UTF-8 JSON, keys sorted, no white space."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@cache
def _key():
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY))


def public_key():
    """The public key, 32 bytes in base64."""
    return base64.b64encode(_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def key_id():
    """A short name of the key: the start of the hash of its public half."""
    return sha256(base64.b64decode(public_key()))[:16]


def sign(data):
    return base64.b64encode(_key().sign(data)).decode()


def is_genuine(data, signature, public=None):
    """Whether the signature belongs to exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public or public_key())).verify(
            base64.b64decode(signature), data
        )
    except (InvalidSignature, ValueError):
        return False
    return True
