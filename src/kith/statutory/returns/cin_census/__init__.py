"""The children in need census: its XML, read into the dataset."""
