"""Times missing and return interviews."""
