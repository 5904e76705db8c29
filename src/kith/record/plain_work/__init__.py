"""Work of the plain kinds: dates, a choice and words; each kind is data, and one form records them all."""
