"""The environment a process of the product needs, from embedded services where nobody names real ones."""

import base64
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from whitelist.embedded.places import Unavailable
from whitelist.embedded.postgres import Postgres
from whitelist.embedded.valkey import Valkey

SECRETS = ("SECRET_KEY", "SIGNING_KEY")


@contextmanager
def services(state: Path, database: str = "whitelist", test: bool = False) -> Iterator[list[Postgres | Valkey]]:
    """Start (or join) what DATABASE_URL and REDIS_URL do not name, export both and the keys, and undo all at the end.

    Data lives in `state`; with `test` it is made for speed and for this process alone; the caller removes `state`.
    """
    state.mkdir(parents=True, exist_ok=True)
    if not os.access(state, os.W_OK):
        raise Unavailable(f"{state} belongs to another account: run as that one, or set WHITELIST_STATE.")
    started: list[Postgres | Valkey] = []
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(state, throw_away=test)
            if test:
                stack.callback(shutil.rmtree, postgres.sockets, ignore_errors=True)
            stack.callback(postgres.stop)
            postgres.start()
            postgres.ensure_database(database)
            _export(stack, "DATABASE_URL", postgres.url(database))
            started.append(postgres)
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(state, throw_away=test)
            if test:
                stack.callback(shutil.rmtree, valkey.socket.parent, ignore_errors=True)
            stack.callback(valkey.stop)
            valkey.start()
            _export(stack, "REDIS_URL", valkey.url())
            started.append(valkey)
        for name in SECRETS:
            if not os.environ.get(name):
                _export(stack, name, kept_secret(state / name.lower()))
        yield started


def kept_secret(path: Path) -> str:
    """The key in this file, made once: 32 random bytes in base64, for the owner's eyes only."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(base64.b64encode(secrets.token_bytes(32)).decode())
        try:
            os.link(draft, path)  # refuses where another process was quicker, whose key then holds
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _export(stack: ExitStack, name: str, value: str) -> None:
    os.environ[name] = value
    stack.callback(os.environ.pop, name, None)
