"""What is never installed live: persona sign-in and seeds."""
