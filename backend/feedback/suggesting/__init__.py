"""Which category a report belongs to, guessed from its words; the person decides."""
