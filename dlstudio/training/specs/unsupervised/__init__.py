"""Declarations of the tasks that learn from samples alone. Knows no torch and no Qt."""
