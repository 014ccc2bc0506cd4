"""What is measured of it: its start and its end."""
