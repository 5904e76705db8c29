"""One child in several returns: what they say of the same child, compared."""
