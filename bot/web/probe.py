"""A container's health check: `python -m bot.web.probe [healthz|readyz]`, standard library only, 0 or 1 as its end."""

import os
import sys
from http.client import HTTPConnection, HTTPException

PATIENCE = 3.0  # seconds


def main(page: str = "healthz") -> int:
    """Ask this machine's own process; what it says goes to the standard output, where `docker inspect` keeps it."""
    port = os.environ.get("ROUNDS_STATUS_PORT", "")
    if not port.isdigit():
        print("ROUNDS_STATUS_PORT is not set: there is nothing to ask")
        return 1
    host = os.environ.get("ROUNDS_STATUS_HOST") or "127.0.0.1"
    link = HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, int(port), timeout=PATIENCE)  # noqa: S104
    try:
        link.request("GET", f"/{page}")
        answer = link.getresponse()
        print(answer.read(4096).decode("utf-8", "replace"))
    except (OSError, HTTPException) as error:
        print(f"no answer on port {port}: {type(error).__name__}")
        return 1
    finally:
        link.close()
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
