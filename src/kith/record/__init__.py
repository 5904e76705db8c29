"""The child's record."""
