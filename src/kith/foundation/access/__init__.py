"""Who may see and do what: workers, posts, roles and the door."""
