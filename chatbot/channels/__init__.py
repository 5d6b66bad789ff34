"""The ways messages come in."""
