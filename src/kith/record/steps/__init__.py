"""Any piece of work, in one shape."""
