"""The clocks: rules of time as dated data, and one engine that turns facts into deadlines."""
