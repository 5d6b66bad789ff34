"""The outside standards in which others subscribe to what the town publishes."""
