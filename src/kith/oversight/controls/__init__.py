"""Safeguards that test themselves every day."""
