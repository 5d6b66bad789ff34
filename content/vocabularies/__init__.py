"""Words that others are written with: wards, quarters, categories, topics, tags."""
