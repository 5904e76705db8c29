"""The eleven Annex A lists of an inspection: a workbook, read into the dataset."""
