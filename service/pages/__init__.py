"""Policies as people read them: a page, a text, and what differs between two versions."""
