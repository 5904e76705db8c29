"""A child's file as it was known on any day: the same page, from rows put back to what they said then."""
