"""Declarations of the tasks that make samples out of noise. Knows no torch and no Qt."""
