"""Words as types: spans, working days, identifiers and published codes, used by every floor above."""
