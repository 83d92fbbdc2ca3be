"""What people do wrong: one module a lesson, each known mistake once, as the program that it is, with the words that
name it. The checks of every lesson use them, at home and in grading; they are never in the sandbox.
Read first: `convolutions.py`, beside lesson 05; course/checks/exercises.py says what `takes` and `mistake` do."""
