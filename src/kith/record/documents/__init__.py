"""A child's documents: letters, reports, photographs and files that others sent."""
