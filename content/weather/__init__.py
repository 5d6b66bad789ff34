"""The weather over the town and the sea before it, as another service told it."""
