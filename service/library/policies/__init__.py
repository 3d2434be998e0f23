"""One policy version as a whole: head, succession, contradictions, slips."""
