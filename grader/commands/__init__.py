"""What `grader` does when one types it, command by command: options are read here, and the rooms do the rest.
`lessons` is the author's, `term` a class's from list to deletion, `grading` from submissions to feedback, `results`
what leaves the gradebook, `server` the class server. Read first: `common`, which tells every problem in one line."""
