"""Changes of the tables from one version of the service to the next, as Alembic revisions.

A new one is a new file with the next number. It adds tables and columns; an earlier file never changes,
because databases have been changed by it.
"""
