"""Signing in: passwords, second factors, sessions, and the accounts, teams and posts that somebody must keep."""
