"""Contacts and referrals."""
