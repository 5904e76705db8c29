"""Who saw and changed what, kept by the database itself."""
