"""Landscape of Loss, the course: one module a lesson, in torch, on any device, and the few that many lessons share.
Lesson 02 teaches `course.lines`, lesson 05 `course.convolutions`: a module has its lesson's name.
Read first: `data.py` for what the lessons look at, then the module of the lesson that you are in."""

__version__ = "0.2.0"
