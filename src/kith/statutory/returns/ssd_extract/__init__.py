"""An extract of the Standard Safeguarding Dataset: a folder of CSV files, read into the dataset."""
