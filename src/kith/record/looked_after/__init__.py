"""Children looked after: care, homes, reviews, health, education."""
