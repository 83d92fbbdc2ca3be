"""course/explanations.py against torch, and what must hold for all inputs.
Belongs to lesson 13-explanations; the lesson's own checks are tried by the answers in tests/answers/explanations.py.
Read first: the module."""

import torch
from torch.testing import assert_close

from course.explanations import median


def test_the_median_is_the_half_quantile():
    values = torch.randn(100, generator=torch.Generator().manual_seed(0))
    assert_close(median(values), values.quantile(0.5))
