"""Operators and their fields in words."""
