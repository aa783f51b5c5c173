"""What tools/release.py is made of: one concern a module, the standard library only."""
