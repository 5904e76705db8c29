"""Strategy meetings, enquiries, conferences and child protection plans."""
