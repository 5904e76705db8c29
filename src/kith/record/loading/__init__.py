"""Reading what an authority already holds into the record."""
