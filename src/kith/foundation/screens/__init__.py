"""The look: layout, fields, tables, charts and words that every page shares."""
