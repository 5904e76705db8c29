"""The invented borough: families, journeys and planted failures, made from a seed."""
