"""Measures interpreter start and exit."""
