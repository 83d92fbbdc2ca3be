"""One module a lesson: each quantitative claim of its prose, as a function that measures it for one seed.
`python -m benchmarks.claims` (`make claims`) runs them and writes the table; the fast ones run with the tests.
Read benchmarks/claims.py first."""
