"""Payers' earlier decisions on the drug: what each says, which contradict each other, which one runs."""
