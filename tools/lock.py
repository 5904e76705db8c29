"""Resolves pyproject.toml into two hash-pinned locks, and the tests' provider into a third; none names a registry."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = "--generate-hashes --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 --quiet"


def main() -> None:
    """Write requirements/service.txt, dev.txt (a superset of it) and provider.txt."""
    for kind, groups in {"service": ["build"], "dev": ["build", "dev"]}.items():
        words = [".venv/bin/uv", "pip", "compile", "pyproject.toml", "--extra", "service", *COMMON.split()]
        words += [word for group in groups for word in ("--group", group)]
        subprocess.run([*words, "-o", f"requirements/{kind}.txt"], check=True, cwd=ROOT)
        print(f"requirements/{kind}.txt written")
    words = [".venv/bin/uv", "pip", "compile", "requirements/provider.in", *COMMON.split()]
    subprocess.run([*words, "-o", "requirements/provider.txt"], check=True, cwd=ROOT)
    print("requirements/provider.txt written")


if __name__ == "__main__":
    main()
