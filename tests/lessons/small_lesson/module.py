"""The reference implementations of the small lesson. Its own tests only; nothing of the course.
The build's tests lay it down as course/lines.py beside the small lesson.
Read first: `lines.py` beside it.
"""


def predict(x, slope, intercept):
    return slope * x + intercept


def residuals(x, y, slope, intercept):
    return y - predict(x, slope, intercept)


def mse(prediction, target):
    return ((prediction - target) ** 2).mean()


class Running:
    def __init__(self):
        self.total = 0.0

    def add(self, value):
        self.total += value
        return self.total
