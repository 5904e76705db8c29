"""The looked-after children return (SSDA903): its CSV tables and its XML, read into the dataset."""
