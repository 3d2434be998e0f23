"""Cards: the assessment in a clinician's words, and its JSON twin."""
