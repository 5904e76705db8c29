"""Kith: the record, tracking and assurance system for English children's services."""
