"""Safeguards as expectations on facts: what was expected, what held, and for whom it did not."""
