"""Assessments and child-in-need plans."""
