"""What a prescriber stated: which answered questionnaires count, what they say, and the findings."""
