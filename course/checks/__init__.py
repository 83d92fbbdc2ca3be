"""How an answer is judged: the sentences of a check, how a call is carried out, how values are compared, what is said,
the panel. Every lesson uses it by the name `course.check`.
Read first: `sentences.py`, then `plan.py` and `compare.py`."""
