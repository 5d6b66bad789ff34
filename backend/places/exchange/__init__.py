"""Places as files: exported for a spreadsheet or a map, imported again."""
