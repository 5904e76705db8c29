"""The clocks of each child, kept as rows that worklists read."""
