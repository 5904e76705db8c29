"""Statutory returns checked on a page: what was found, what was answered, and by whom."""
