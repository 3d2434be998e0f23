"""Recorded requests and answers without anything that names a patient, and their replay."""
