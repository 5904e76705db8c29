"""Measures of timeliness, counted from the same deadlines as every list and page."""
