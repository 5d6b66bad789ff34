"""Components of the Vietnamese understanding pipeline.

Modules that know Rasa end where their pure neighbours begin: `text`, `language`, `danger`,
`intent_model` and `entity_model` import nothing of Rasa and can be tried on their own.
"""
