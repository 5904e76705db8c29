"""The same person? Likely duplicates, at entry and as a list; joining two records, and parting them again."""
