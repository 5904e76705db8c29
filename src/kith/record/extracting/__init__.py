"""The record told as the dataset: what loading does, the other way round; and the returns that are built of it."""
