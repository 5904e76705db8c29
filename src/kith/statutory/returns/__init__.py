"""The statutory returns and extracts: how each is laid out, and how each is read into one dataset."""
