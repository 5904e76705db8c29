"""Sealed adoption: two identities, and the link between them that two officers open together."""
