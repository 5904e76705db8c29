"""Is this the same person? Keys a name may be found by, and how well two people agree."""
