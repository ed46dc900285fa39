"""How long a server lives: as long as somebody uses it, and no longer than the process it was made for."""

import ctypes
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PR_SET_PDEATHSIG = 1


class Users:
    """Counts the processes that use a service with a shared file lock.

    The kernel drops the lock with its process, even after kill -9, so there is no process id that could go stale.
    """

    def __init__(self, folder: Path, service: str):
        self._door = folder / f"{service}.door"
        self._place = folder / f"{service}.users"
        self._seat: int | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time decides about starting and stopping."""
        door = _open(self._door)
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield
        finally:
            os.close(door)

    def join(self) -> None:
        if self._seat is None:
            self._seat = _open(self._place)
        fcntl.flock(self._seat, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Stop using the service; true for the last user, who has to stop it."""
        seat, self._seat = self._seat, None
        if seat is None:
            return False
        try:
            return _locked(seat)
        finally:
            os.close(seat)


def hold(path: Path) -> bool:
    """Take the named lock for the life of this process; false when another process has it."""
    lock = _open(path)
    if not _locked(lock):
        os.close(lock)
        return False
    return True


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def dies_with_parent(signum: int) -> Callable[[], None] | None:
    """For `Popen(preexec_fn=…)`: the kernel signals the child when its parent is gone, even by kill -9 (Linux)."""
    if _prctl is None:
        return None
    return lambda: _prctl(PR_SET_PDEATHSIG, signum)
