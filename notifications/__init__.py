"""Devices, messages, the outbox and the ways out. No HTTP framework here."""
