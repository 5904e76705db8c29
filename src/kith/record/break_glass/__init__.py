"""Opening a record in an emergency, without a relationship to the child: why, for how long, and who looks at it."""
