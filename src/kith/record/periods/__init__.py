"""What lasts: plans, care, homes, times missing."""
