"""What Kith costs: measured in one run, at the borough's size and at ten times it, on both databases."""
