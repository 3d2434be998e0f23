"""How each prefetch key is read: paths, statuses, doubts, denials."""
