"""The explorer of lesson 07-batchnorm: what it lets a learner play with, in a sentence.
Taught in lesson 07-batchnorm, "The scale of things".
Read course/explorers/__init__.py first, then course/explorers/tensors.py, the simplest of them."""
