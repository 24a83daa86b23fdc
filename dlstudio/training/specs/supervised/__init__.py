"""Declarations of the tasks with a target that the data brings. Knows no torch and no Qt."""
