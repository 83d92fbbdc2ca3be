"""What holds for every test here, nbval's among them. Read tests/conftest.py for the rest."""

import os

# tqdm reads its settings when it is imported. The tests' own process keeps its bars (a second process of pytest-xdist inherits what the first
# one set); its kernels have none, for a bar shows once a loop is slow and a notebook's outputs would hang on the machine.
os.environ.pop("TQDM_DISABLE", None)
import tqdm  # noqa: E402, F401

os.environ["TQDM_DISABLE"] = "1"
