"""Cards: the assessment in words for the clinician, and as JSON (the twin)."""
