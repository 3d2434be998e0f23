"""Cases that a pharmacist writes: a patient in short words, what must come out, and whether it does."""
