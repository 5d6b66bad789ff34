"""The pages of staff: Vietnamese first, for a phone at the beach and a desk in an office."""
