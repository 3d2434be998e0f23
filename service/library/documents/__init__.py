"""YAML with line numbers, folders of documents, and what is wrong with a value."""
