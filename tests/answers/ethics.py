"""Right and wrong answers to lesson 16 (Who is harmed?), as learners give them."""
