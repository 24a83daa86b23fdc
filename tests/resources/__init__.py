"""Generated files in `resources`: the programs that write them, and tests that they are current."""
