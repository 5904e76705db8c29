"""Personal details: what the record holds of somebody themselves, and the form that changes it."""
