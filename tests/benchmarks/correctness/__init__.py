"""Benchmarks that measure no speed: what is computed, trained and stored is right."""
