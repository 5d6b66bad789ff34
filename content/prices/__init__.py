"""Posted prices, their history, and corrections that businesses send."""
