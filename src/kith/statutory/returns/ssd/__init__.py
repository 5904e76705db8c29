"""The Standard Safeguarding Dataset: the one shape that every reader fills and everything else reads."""
