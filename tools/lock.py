"""Resolves pyproject.toml into the two hash-pinned locks; neither names a registry."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = "--generate-hashes --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 --quiet"


def main() -> None:
    """Write requirements/service.txt and requirements/dev.txt, the second a superset of the first."""
    for kind, groups in {"service": ["build"], "dev": ["build", "dev"]}.items():
        words = [".venv/bin/uv", "pip", "compile", "pyproject.toml", "--extra", "service", *COMMON.split()]
        words += [word for group in groups for word in ("--group", group)]
        subprocess.run([*words, "-o", f"requirements/{kind}.txt"], check=True, cwd=ROOT)
        print(f"requirements/{kind}.txt written")


if __name__ == "__main__":
    main()
