"""What the law and the returns ask: timescales that turn facts into deadlines, and the formats of the returns."""
