"""Results, scores, grades, sites and trends, against a policy's bounds."""
