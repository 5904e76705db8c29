"""Today: what is due, for whom, and why."""
