"""Invented data: a set of any size for measuring (`seed`), and the demonstration with its crisis (`load_demo`)."""
