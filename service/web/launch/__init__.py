"""The page on which a prescriber answers open questions: SMART launch, session, form, statements."""
