"""The child's page: the story read across every app."""
