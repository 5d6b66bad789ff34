"""Citizens' reports, from filing to an answer. Verbs and models know no HTTP."""
