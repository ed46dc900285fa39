"""Keeps a handful of programs running: their lines on one screen, each started again when it dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from whitelist.embedded.lifetime import dies_with_parent

GRACE = 8
FIRST_DELAY, LONGEST_DELAY, HEALTHY = 0.5, 30, 30
COLOURS = ("36", "33", "35")


class Screen:
    """Lines of several writers, whole and with their names; a terminal that went away is no error."""

    def __init__(self, width: int = 8):
        self._lock = threading.Lock()
        self._width = width
        self._colours: dict[str, str] = {}

    def say(self, text: str) -> None:
        with self._lock, suppress(OSError, ValueError):
            print(text, flush=True)

    def line(self, name: str, text: str) -> None:
        label = f"{name:<{self._width}}│"
        if sys.stdout.isatty():
            colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
            label = f"\033[{colour}m{label}\033[0m"
        self.say(f"{label} {text}")


class Supervisor:
    """Programs by name, each in a session of its own, so a Ctrl-C reaches only us and we decide the order."""

    def __init__(self, screen: Screen, folder: Path):
        self._screen, self._folder = screen, folder
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._running: dict[str, subprocess.Popen] = {}
        self._keepers: list[threading.Thread] = []

    def keep(self, name: str, command: list[str]) -> None:
        """Start the program, and start it again whenever it ends."""
        keeper = threading.Thread(target=self._keep, args=(name, command), name=f"keeper of {name}", daemon=True)
        self._keepers.append(keeper)
        keeper.start()

    def stop(self) -> None:
        """End every program: politely, then after a grace without asking."""
        self._stopping.set()
        with self._lock:
            running = list(self._running.values())
        for program in running:
            program.terminate()
        deadline = time.monotonic() + GRACE
        for program in running:
            try:
                program.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _sweep(program)
        for keeper in self._keepers:
            keeper.join(GRACE)

    def _keep(self, name: str, command: list[str]) -> None:
        delay = FIRST_DELAY
        while True:
            with self._lock:
                if self._stopping.is_set():
                    return
                born = time.monotonic()
                self._running[name] = program = self._start(name, command)
            reader = threading.Thread(target=self._relay, args=(name, program), daemon=True)
            reader.start()
            status = program.wait()
            _sweep(program)
            reader.join(2)
            if self._stopping.is_set():
                return
            delay = FIRST_DELAY if time.monotonic() - born > HEALTHY else delay
            self._screen.line(name, f"ended with status {status}, starts again in {delay:g} s")
            self._stopping.wait(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    def _start(self, name: str, command: list[str]) -> subprocess.Popen:
        return subprocess.Popen(
            command,
            cwd=self._folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "WHITELIST_ROLE": "web" if name == "web" else "worker"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )

    def _relay(self, name: str, program: subprocess.Popen) -> None:
        with suppress(ValueError):
            for line in program.stdout or ():
                self._screen.line(name, line.rstrip("\n"))


def _sweep(program: subprocess.Popen) -> None:
    """Whatever the program left in its session: pool processes of a killed worker, a child of the web server."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)
