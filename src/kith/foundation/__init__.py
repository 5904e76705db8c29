"""The Django base that every app stands on."""
