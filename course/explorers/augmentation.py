"""The explorer of lesson 08-augmentation: what it lets a learner play with, in a sentence.
Taught in lesson 08-augmentation, "The same dog, many pictures".
Read course/explorers/__init__.py first, then course/explorers/tensors.py, the simplest of them."""
