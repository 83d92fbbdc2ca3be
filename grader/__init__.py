"""The grader: lessons become notebooks, submissions become outcomes, outcomes reach people. Four rooms, each built on
those before it. Authors and instructors use it by the `grader` command.
Read first: `lessons/` (text to notebooks), then `judging/` (bytes to outcome), then `classroom/` (outcomes to
people); `commands/` is what one types."""
