"""Meetings: who was asked, who came, and what was decided for each child."""
