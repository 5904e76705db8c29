"""Turns a dataset into the rows of the record, as frames: each row has its `ref`, and names other rows by theirs."""
