"""Public holidays over HTTP."""
