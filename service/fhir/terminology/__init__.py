"""Codes and names: value sets, full lists, drug directory, NDC spellings."""
