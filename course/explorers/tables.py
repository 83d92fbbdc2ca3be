"""The explorer of lesson 10-tables: what it lets a learner play with, in a sentence.
Taught in lesson 10-tables, "Shops, dates and embeddings".
Read course/explorers/__init__.py first, then course/explorers/tensors.py, the simplest of them."""
