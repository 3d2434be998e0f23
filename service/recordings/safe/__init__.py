"""What a recording may hold as it was sent: elements, codes, names, amounts and ages."""
