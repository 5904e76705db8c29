"""One-click sign-in as an invented worker; never installed live."""
