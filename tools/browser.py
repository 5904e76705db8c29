"""Finds a Chromium for the journeys, or installs one: the system's, else Debian's where root, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> str | None:
    """The path of a browser that is here already."""
    return os.environ.get("KITH_BROWSER") or next((path for name in NAMES if (path := shutil.which(name))), None)


def find_or_install() -> tuple[str | None, str]:
    """A browser's path and a word on where it came from; without one, None and the reason."""
    if path := find():
        return path, "already here"
    tried = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        tried.append("apt-get install chromium")
        if _apt() and (path := find()):
            return path, "installed from Debian"
    tried.append("playwright install chromium")
    if path := _playwrights_own():
        return path, "installed by Playwright"
    return None, f"no Chromium here, and these did not give one: {'; '.join(tried)}"


def _apt() -> bool:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    steps = (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"])
    return all(subprocess.run(step, env=env, check=False, stdout=sys.stderr).returncode == 0 for step in steps)


def _playwrights_own() -> str | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, check=False, stdout=sys.stderr).returncode != 0:
        return None
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as b: print(b.chromium.executable_path)"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
    return said if said and os.path.exists(said) else None


if __name__ == "__main__":
    print(find_or_install())
