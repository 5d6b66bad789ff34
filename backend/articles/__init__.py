"""Articles over HTTP."""
