"""Children, their families, names, homes and workers."""
