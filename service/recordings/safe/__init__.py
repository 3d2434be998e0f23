"""What may stand in a recording as it was sent: elements, codes, names, amounts and ages."""
