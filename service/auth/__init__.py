"""Authenticates callers: verifies signed tokens with the issuers' keys (DESIGN.md section 6)."""
