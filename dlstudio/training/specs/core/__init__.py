"""What declarations of tasks are made of. Knows no task, no torch and no Qt."""
