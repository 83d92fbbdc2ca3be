"""From the bytes of one submission to its outcome: intake, the sandbox, kernels, the wire, the judge. Knows nothing of
classes. Every grade is made here and nowhere else.
Read first: `intake.py`, then `judge.py` and `sandbox.py`; `grade.py` puts them together."""
