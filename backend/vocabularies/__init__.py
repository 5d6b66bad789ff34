"""The vocabularies that content and reports are filed under."""
