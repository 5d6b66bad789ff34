"""Announcements, news, guides, pages, questions and procedures."""
