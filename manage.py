#!/usr/bin/env python
"""Django's command line, with the embedded services around it where the environment names no real ones."""

import os
import signal
import sys
from contextlib import ExitStack

NEEDED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SIGNING_KEY")
ALONE = (["verify_file"],)  # commands that ask no service for anything
NOWHERE = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "SIGNING_KEY": "",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whitelist.settings.base")
    with ExitStack() as stack:
        missing = [name for name in NEEDED if not os.environ.get(name)]
        if missing and sys.argv[1:2] in ALONE:
            os.environ.update({name: NOWHERE.get(name, "none") for name in missing})
        elif missing:
            from whitelist.embedded.places import installed, state_folder

            if not installed():
                sys.exit(f"Set {', '.join(missing)}: the embedded services that could stand in are not installed.")
            from whitelist.embedded.services import services

            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
            os.environ.setdefault("WHITELIST_DEMO", "1")
            stack.enter_context(services(state_folder()))
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
