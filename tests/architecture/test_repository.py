"""What may stand in the repository: the fixed top level, short files that name their subject, nobody's machine."""

import re
import subprocess
from functools import cache
from pathlib import PurePosixPath

from whitelist.embedded.places import CHECKOUT

TOP = {
    "manage.py", "whitelist", "enterprises", "logistics", "alerts", "templates", "static", "tests", "pyproject.toml",
    "docker-compose.yml", "README.md", "docs", "locale", "Makefile", "CHANGELOG.md", "requirements.lock",
    "requirements-production.lock",
}  # fmt: skip
LOCKS = ("requirements.lock", "requirements-production.lock")
LONGEST = 400
SHAPELESS = {"util", "utils", "helper", "helpers", "misc", "common"}
SOMEBODY_ELSES = {"migrations", "vendor"}
# Written in pieces, so that this file is no finding of itself.
ADDRESSES = re.compile(
    "|".join(
        (
            r"pythonhosted\." + "org",
            r"pypi\." + "org",
            r"registry\.npmjs\." + "org",
            r"\b(npmmirror|unpkg|jsdelivr|cdnjs)\.",
            r"https?://[^\s\"'<>]*/simp" + "le",
            r"--(extra-)?index-" + "url",
            r"file:///" + "opt",
        )
    )
)
MACHINE = re.compile(r"(?<![\w.~-])/(" + "|".join(("wo" + "rk", "ho" + "me", "ro" + "ot", "Use" + "rs")) + r")/\w")


@cache
def tracked() -> tuple[PurePosixPath, ...]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    return tuple(PurePosixPath(name) for name in listing.split("\0") if name and (CHECKOUT / name).exists())


@cache
def text(path: PurePosixPath) -> str:
    """The file's text; nothing for pictures, workbooks and compiled messages."""
    content = (CHECKOUT / path).read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def findings(pattern: re.Pattern) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in tracked()
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_top_level_is_fixed():
    assert {path.parts[0] for path in tracked() if not path.parts[0].startswith(".")} == TOP


def test_no_package_host_is_named():
    assert findings(ADDRESSES) == []


def test_no_path_of_a_machine_is_named():
    assert findings(MACHINE) == []


def test_every_locked_package_has_a_hash_and_no_address():
    for name in LOCKS:
        lines = [line for line in (CHECKOUT / name).read_text().splitlines() if not line.startswith(" ")]
        assert lines, f"{name} is empty"
        assert [line for line in lines if not re.match(r"^[\w.\[\],-]+==\S+( ;.*)? \\$", line)] == []
        assert "://" not in (CHECKOUT / name).read_text()


def test_production_is_part_of_what_is_tested():
    production, development = (
        {line.split(" ")[0] for line in (CHECKOUT / name).read_text().splitlines() if "==" in line.split(" ")[0]}
        for name in reversed(LOCKS)
    )
    assert production < development


def test_files_are_short_enough_to_be_read():
    long = {
        str(path): lines
        for path in tracked()
        if path.suffix in {".py", ".html", ".js", ".css"}
        and not SOMEBODY_ELSES & set(path.parts)
        and (lines := len(text(path).splitlines())) > LONGEST
    }
    assert long == {}


def test_files_are_named_after_their_subject():
    assert [str(path) for path in tracked() if path.stem in SHAPELESS] == []
