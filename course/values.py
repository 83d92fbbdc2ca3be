"""Numbers that remember what they were computed from: the given half of a small autograd engine, in plain Python.
Lesson 03 (solutions/03-descent) builds the other half, `backward`, which reads that memory from the end to the
beginning. Read course/descent.py first: finite differences and the gradient on paper, which this has to agree with."""

from __future__ import annotations

import math


class Value:
    """A number, the values it was computed from (its parents), and its derivative by each of them.

    One pattern throughout: an operation computes its number and writes down how much that number changes for each unit
    of each parent. gradient is for whoever reads it all backwards: how much the output changes for each unit of this
    value; 0 until then.
    Two values are equal only if they are the same one, so that values can be kept in sets.
    """

    def __init__(self, number: float, parents: tuple[Value, ...] = (), derivatives: tuple[float, ...] = ()):
        if len(parents) != len(derivatives):
            raise ValueError(
                f"there are {len(parents)} parents and {len(derivatives)} derivatives; give one "
                "derivative for each parent"
            )
        self.number, self.parents, self.derivatives = float(number), tuple(parents), tuple(derivatives)
        self.gradient = 0.0

    def __add__(self, other: Value | float) -> Value:
        other = value_of(other)
        return Value(self.number + other.number, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        """A product of a and b changes by b for each unit of a, and by a for each unit of b."""
        other = value_of(other)
        return Value(self.number * other.number, (self, other), (other.number, self.number))

    def __pow__(self, power: float) -> Value:
        """A number to a fixed power: a square changes by twice the number, as the two strips of lesson 03 show."""
        if isinstance(power, Value):
            raise TypeError("the power is a Value; a fixed number is wanted")
        return Value(self.number**power, (self,), (power * self.number ** (power - 1),))

    def relu(self) -> Value:
        """Numbers below zero cut off: the slope is 1 above the kink and 0 below it, and 0 at the kink, as torch has
        it."""
        return Value(max(0.0, self.number), (self,), (1.0 if self.number > 0 else 0.0,))

    def tanh(self) -> Value:
        squashed = math.tanh(self.number)
        return Value(squashed, (self,), (1 - squashed**2,))

    def exp(self) -> Value:
        grown = math.exp(self.number)
        return Value(grown, (self,), (grown,))

    def log(self) -> Value:
        return Value(math.log(self.number), (self,), (1 / self.number,))

    # The rest is made of the operations above, and needs no derivative of its own.
    def __neg__(self) -> Value:
        return self * -1

    def __sub__(self, other: Value | float) -> Value:
        return self + -value_of(other)

    def __truediv__(self, other: Value | float) -> Value:
        return self * value_of(other) ** -1

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __rsub__(self, other: float) -> Value:
        return value_of(other) - self

    def __rtruediv__(self, other: float) -> Value:
        return value_of(other) / self

    def __repr__(self) -> str:
        return f"Value({self.number:g}, from {len(self.parents)}, gradient {self.gradient:g})"


def value_of(number: Value | float) -> Value:
    """A value as it is; a plain number as a value without parents."""
    return number if isinstance(number, Value) else Value(number)
