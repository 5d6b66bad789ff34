"""The gateway between people and the chatbot, which stays on loopback behind it."""
