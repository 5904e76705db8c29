"""Settings and the URL map."""
