"""Grown-ups with a record of work: carers and adopters, people an allegation is about, workers who are supervised."""
