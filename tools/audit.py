"""Audits what ships: `python tools/audit.py [--strict] PIP-AUDIT REQUIREMENTS` (`make test`, `make audit`).

Ends with 1 where a package has an advisory. Where no advisory could be read it says so, and only `--strict`
makes that an error: a machine without the internet can test, but cannot audit.
"""

import json
import subprocess
import sys
from typing import Any

ARGUMENTS = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")
SECONDS = 120


def main(pip_audit: str, requirements: str, *, strict: bool) -> int:
    """Prints what was found; the exit status."""
    found = audited([pip_audit, *ARGUMENTS, "-r", requirements])
    unread = [one["name"] for one in found if "skip_reason" in one]
    unsafe = [one for one in found if one.get("vulns")]
    for one in unsafe:
        ids = ", ".join(advisory["id"] for advisory in one["vulns"])
        print(f"{one['name']} {one['version']}: {ids}")
    print(
        f"audit: {len(found) - len(unread)} packages read, {len(unsafe)} of them with an advisory"
    )
    if unread or not found:
        print(f"audit: NOT AUDITED, no advisories could be read for: {', '.join(unread) or 'any'}")
    return 1 if unsafe or (strict and (unread or not found)) else 0


def audited(command: list[str]) -> list[dict[str, Any]]:
    """Every package with its advisories, or with the reason why there are none; empty without an answer."""
    try:
        run = subprocess.run(  # noqa: S603 - the command of our Makefile
            command, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        found: list[dict[str, Any]] = json.loads(run.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return []
    return found


if __name__ == "__main__":
    names = [one for one in sys.argv[1:] if one != "--strict"]
    sys.exit(main(*names, strict="--strict" in sys.argv))
