"""Alerts over HTTP: the API, and the feeds that other systems read."""
