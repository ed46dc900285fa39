"""The whole product as `make run` starts it, in a folder of its own: database, broker, web, worker and beat."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 240
SERVICES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SIGNING_KEY", "DJANGO_SETTINGS_MODULE")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    """`with Stack() as stack:` gives a running product at `stack.url`, loaded with the demonstration."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="wl-story-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {
            name: value for name, value in os.environ.items() if name not in SERVICES and not name.startswith("PYTEST")
        }
        self.environment = {
            **inherited,
            "WHITELIST_STATE": str(Path(self.folder.name) / "state"),
            "PORT": str(self.port),
            "PYTHONWARNINGS": "",
        }
        self.said: list[str] = []
        self.ready = threading.Event()

    def __enter__(self):
        command = [sys.executable, "-m", "whitelist.embedded.up"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._listen, daemon=True)
        self.reader.start()
        if not self.ready.wait(READY_WITHIN):
            self.__exit__()
            raise AssertionError("no Ready line:\n" + "".join(self.said[-60:]))
        return self

    def _listen(self):
        for line in self.process.stdout:
            self.said.append(line)
            if "Ready: http" in line or self.process.poll() is not None:
                self.ready.set()
        self.ready.set()

    def __exit__(self, *_reason):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.reader.join(5)
        self.process.stdout.close()
        self.folder.cleanup()

    def manage(self, *arguments):
        """What a management command prints, run beside the running product."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def token(self, username):
        return self.manage("issue_token", username, "--name", "story").splitlines()[-1]

    def children(self, words):
        """The ids of processes of this stack whose command line contains all of the words."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    state = (entry / "environ").read_bytes()
                except OSError:
                    continue
                if all(word in line for word in words) and self.environment["WHITELIST_STATE"].encode() in state:
                    found.append(int(entry.name))
        return sorted(found)


class Caller:
    """Another system: speaks JSON to the API with a token and remembers nothing."""

    def __init__(self, url, token):
        self.host, self.token = urlsplit(url).netloc, token

    def __call__(self, verb, path, body=None, *, expect=None, **headers):
        """The answer as (status, body, headers); `expect` asserts the status."""
        content = None if body is None else json.dumps(body).encode()
        return self.send(verb, path, content, "application/json", expect, headers)

    def upload(self, path, name, data, *, expect=None, **fields):
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in fields.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n")
        content = b"".join(parts) + f"--{boundary}--\r\n".encode()
        return self.send("POST", path, content, f"multipart/form-data; boundary={boundary}", expect, {})

    def send(self, verb, path, content, kind, expect, headers):
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **headers}
            if content is not None:
                sent["Content-Type"] = kind
            connection.request(verb, f"/api/v1/{path}", content, sent)
            answer = connection.getresponse()
            text = answer.read()
            body = json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text
            if expect is not None:
                assert answer.status == expect, f"{verb} {path}: {answer.status} {body}"
            return answer.status, body, answer.headers
        finally:
            connection.close()

    def get(self, path):
        return self("GET", path, expect=200)[1]

    def until(self, path, condition, within=90):
        """Ask again until the answer is as wished."""
        deadline = time.monotonic() + within
        while True:
            body = self.get(path)
            if condition(body):
                return body
            assert time.monotonic() < deadline, f"{path} stayed {body}"
            time.sleep(0.5)

    def step(self, path, name, body, *, expect=200):
        """A step on a tagged object: read its tag, then ask."""
        _status, _body, headers = self("GET", path, expect=200)
        return self("POST", f"{path}{name}/", body, expect=expect, **{"If-Match": headers["ETag"]})[1]
