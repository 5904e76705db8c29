"""Makes the vendored look again: fetches the published packages, takes off the government's brand, writes hashes."""

from __future__ import annotations

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "src/kith/foundation/screens/static/screens/vendor"
GOVUK = "6.6.0"
FONTS = 'system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif'
TITLE = """# What Kith carries of other people's work, and what each file must be, byte for byte (by tools/vendor.py).
# The brand of central government (its typeface, its crest) is taken off: only its own services may carry it.
"""


def main() -> None:
    """Fetch, de-brand, write. Needs npm and the project's own environment; run it by hand, at a new version."""
    with tempfile.TemporaryDirectory() as folder:
        govuk = _unpack(f"govuk-frontend@{GOVUK}", Path(folder)) / "dist/govuk"
        _write("govuk-frontend.css", without_brand((govuk / "govuk-frontend.min.css").read_text()))
        _write("govuk-frontend.js", without_map((govuk / "govuk-frontend.min.js").read_text()))
    import django_htmx

    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    _write("htmx.js", htmx.read_text())
    version = re.search(r'version:"([^"]+)"', htmx.read_text())
    assert version, "htmx no longer says its version where it did"
    _list(version.group(1))


def without_brand(css: str) -> str:
    """The style sheet with no typeface of the government's, no crest, and no addresses of files that are not here."""
    css = re.sub(r"/\*!.*?\*/", "", css)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", FONTS).replace(
        "font-family:GDS Transport", f"font-family:{FONTS}"
    )
    css = re.sub(r"[^{}]*\.govuk-footer__(?:crown|copyright-logo)[^{}]*\{[^{}]*\}", "", css)
    return without_map(css)


def without_map(text: str) -> str:
    """The file without the pointer to a source map that is not carried."""
    return re.sub(r"(?:/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S*)\s*$", "", text).rstrip() + "\n"


def _unpack(package: str, folder: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", package], check=True, cwd=folder)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


def _write(name: str, text: str) -> None:
    HERE.mkdir(parents=True, exist_ok=True)
    (HERE / name).write_text(text)


def _list(htmx: str) -> None:
    rows = [
        ("govuk-frontend.css", "govuk-frontend", GOVUK, "MIT"),
        ("govuk-frontend.js", "govuk-frontend", GOVUK, "MIT"),
        ("govuk-frontend.LICENCE.txt", "govuk-frontend", GOVUK, "MIT"),
        ("htmx.js", "htmx.org", htmx, "0BSD"),
        ("htmx.LICENCE.txt", "htmx.org", htmx, "0BSD"),
    ]
    blocks = [
        f'[[file]]\nfile = "{file}"\npackage = "{package}"\nversion = "{version}"\nlicence = "{licence}"\n'
        f'sha256 = "{hashlib.sha256((HERE / file).read_bytes()).hexdigest()}"\n'
        for file, package, version, licence in rows
    ]
    (HERE / "vendor.toml").write_text("\n".join([TITLE, *blocks]))


if __name__ == "__main__":
    main()
