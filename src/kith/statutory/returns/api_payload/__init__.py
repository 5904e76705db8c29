"""The daily service of the Department for Education: what is sent to it, a record for each child."""
