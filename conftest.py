"""What holds for every test here, nbval's among them. Read tests/conftest.py for the rest."""

import os

import tqdm  # noqa: F401  reads its settings when it is imported: the tests' own process keeps its bars, its kernels have none

# A bar shows once a loop is slow: a notebook's outputs would hang on the machine. grader/execute.py builds without them too.
os.environ["TQDM_DISABLE"] = "1"
