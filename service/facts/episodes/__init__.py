"""Courses, visits, stays and procedures for a reason, counted in a window."""
