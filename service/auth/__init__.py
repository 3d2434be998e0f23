"""Authenticates callers: verifies signed tokens with the issuers' keys."""
