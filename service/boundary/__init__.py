"""Boundary patients of any policy, made from its document alone, each with what must come out and why."""

from service.boundary.boundary_cases import BoundaryCase, boundary_cases
from service.boundary.many_patients import GeneratedPatient, many_patients

__all__ = ["BoundaryCase", "GeneratedPatient", "boundary_cases", "many_patients"]
