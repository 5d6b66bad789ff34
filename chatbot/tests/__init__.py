"""Tests of the chatbot: the pure parts on their own, dialogues on the real thing."""
