"""Authenticates callers: signed tokens and the issuers' keys; our own names, and which web pages are ours."""
