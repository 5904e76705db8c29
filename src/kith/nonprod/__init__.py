"""What helps to try Kith out and is never installed live: persona sign-in."""

import os

if os.environ.get("KITH_PRODUCTION") == "1":
    raise ImportError("kith.nonprod lets anybody sign in as anybody: it cannot be imported when KITH_PRODUCTION is 1.")
