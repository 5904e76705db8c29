"""The form in which what lasts is put right: an episode of care, a home, a legal status, a plan."""
