"""How well the chatbot understands: sentences that it never learns from, and what is counted."""
