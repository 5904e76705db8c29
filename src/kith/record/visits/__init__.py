"""Visits to children."""
