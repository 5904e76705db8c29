"""Unsent text, kept on the server; and both texts when two people save one record."""
