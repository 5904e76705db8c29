"""What a run of numbers says: chance, or something that changed."""
