"""Who calls: a client's signed token against the keys of its issuer (DESIGN.md section 6)."""
