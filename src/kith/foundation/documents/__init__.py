"""Files that people send: what they are, whether they are safe to keep, and where they lie, sealed."""
