"""A learner's own folder: its notebooks, an update that touches no answer, progress, handing in, the welcome page, the
`course` command. No lesson teaches it; `course lab` opens it.
Read first: `work.py`, then `cli.py`."""
