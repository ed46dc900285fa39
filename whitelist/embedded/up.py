"""`python -m whitelist.embedded.up`: services, migrations, demonstration, then web, worker and beat until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whitelist.embedded.lifetime import dies_with_parent, hold
from whitelist.embedded.places import CHECKOUT, state_folder
from whitelist.embedded.services import services
from whitelist.embedded.supervisor import Screen, Supervisor

READY_WITHIN = 120
WATCH_EVERY = 0.5


def main() -> int:
    end_on_signals()
    port = chosen_port()
    state = state_folder()
    state.mkdir(parents=True, exist_ok=True)
    screen = Screen()
    os.environ.setdefault("WHITELIST_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whitelist.settings.base")
    if not hold(state / "run.lock"):
        sys.exit(f"Already running with {state}. For a second one set PORT and WHITELIST_STATE.")
    require_free(port)
    with services(state) as started, watched(started, screen):
        screen.say(f"Database and broker are up, data in {state}. Bringing the tables up to date.")
        manage("migrate", "--verbosity=0")
        manage("load_demo", "--if-empty")
        supervisor = Supervisor(screen, CHECKOUT)
        try:
            for name, command in programs(port, state).items():
                supervisor.keep(name, command)
            names = sign_in_names()
            if await_answer(f"http://127.0.0.1:{port}/healthz"):
                screen.say(f"\nReady: http://127.0.0.1:{port}/\n{names}")
            else:
                screen.say(f"\nThe web server does not answer on port {port} yet; its lines above say why.")
            threading.Event().wait()
        finally:
            screen.say("\nStopping.")
            supervisor.stop()
    return 0


def programs(port: int, state: Path) -> dict[str, list[str]]:
    """What runs, by name, from the environment this runner itself runs in."""
    tools = Path(sys.executable).parent
    celery = [str(tools / "celery"), "-A", "whitelist.celery"]
    granian = [str(tools / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    return {
        "web": [*granian, "--workers", "1", "--blocking-threads", "4", "--no-ws", "whitelist.wsgi:application"],
        "worker": [*celery, "worker", "-c", "2", "-l", "INFO", "-Q", "celery"],
        "beat": [*celery, "beat", "-l", "INFO", "-s", str(state / "beat-schedule"), "--pidfile="],
    }


def end_on_signals() -> None:
    """Ctrl-C, SIGTERM and a closed terminal end the run once, in order; under make, so does the death of make."""

    def end(signum: int, _frame) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        if signum == signal.SIGHUP:  # the terminal's descriptors answer every write with an error
            nowhere = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nowhere, descriptor)
        raise SystemExit(128 + signum)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, end)
    bind_to_parent = dies_with_parent(signal.SIGTERM)
    if "MAKELEVEL" in os.environ and bind_to_parent:
        bind_to_parent()


def chosen_port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        sys.exit(f"PORT={given} is no port number.")
    return int(given)


def require_free(port: int, patience: float = 3) -> None:
    """Say clearly that the port is taken; a web server killed a moment ago is given time to go."""
    deadline = time.monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as problem:
                if time.monotonic() > deadline:
                    sys.exit(f"Port {port} is taken ({problem.strerror}). Choose another: PORT={port + 1} make run")
                time.sleep(0.2)
            else:
                return


def manage(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=CHECKOUT)
    if done.returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed.")


def sign_in_names() -> str:
    """What the demonstration says about its users; nothing where there is no demonstration."""
    done = subprocess.run([sys.executable, "manage.py", "demo_users"], cwd=CHECKOUT, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


def await_answer(url: str) -> bool:
    deadline = time.monotonic() + READY_WITHIN
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        with suppress(OSError), direct.open(url, timeout=5) as answer:
            if answer.status == 200:
                return True
        time.sleep(0.2)
    return False


@contextmanager
def watched(started: list, screen: Screen) -> Iterator[None]:
    """Start an embedded service again when it dies under us."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(WATCH_EVERY):
            for service in started:
                try:
                    if not service.alive():
                        service.start()
                        screen.line(service.name, "was gone, is running again")
                except (SystemExit, OSError) as problem:
                    screen.line(service.name, f"does not come back: {problem}")

    watcher = threading.Thread(target=watch, name="watcher", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


if __name__ == "__main__":
    sys.exit(main())
