"""Content as files: exported for a spreadsheet or a map, imported again; one way for each kind."""
