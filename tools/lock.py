"""Resolves pyproject.toml into hash-pinned locks, and each tool apart into another; none names a registry."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = "--generate-hashes --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 --quiet"


KINDS = {
    "service": (["service"], ["build"]),
    "dev": (["service"], ["build", "dev"]),
    "spark": (["service", "spark"], ["build", "dev", "spark-build"]),
}


def main() -> None:
    """Write service.txt, dev.txt (a superset of it), spark.txt (of that), provider.txt and sqlmap.txt."""
    for kind, (extras, groups) in KINDS.items():
        words = [".venv/bin/uv", "pip", "compile", "pyproject.toml", *COMMON.split()]
        words += [word for extra in extras for word in ("--extra", extra)]
        words += [word for group in groups for word in ("--group", group)]
        words += ["--constraint", "requirements/dev.txt"] if kind == "spark" else []
        subprocess.run([*words, "-o", f"requirements/{kind}.txt"], check=True, cwd=ROOT)
        print(f"requirements/{kind}.txt written")
    for apart in ("provider", "sqlmap"):
        words = [".venv/bin/uv", "pip", "compile", f"requirements/{apart}.in", *COMMON.split()]
        subprocess.run([*words, "-o", f"requirements/{apart}.txt"], check=True, cwd=ROOT)
        print(f"requirements/{apart}.txt written")


if __name__ == "__main__":
    main()
