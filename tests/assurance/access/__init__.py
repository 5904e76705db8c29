"""The matrix of who may see what: its reviewed tables, the oracle that reads them, and the world they are tried in."""
