"""Matrices of numbers in four bits each, with a scale for every few of them."""

from typing import NamedTuple, Self

import numpy as np

_LEVELS = 15
_SHRUNK = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
_DAMPING = 0.01  # of the mean of the diagonal


class FourBits(NamedTuple):
    """A matrix ``(rows, columns)``: rows are cut into groups of columns, each on a grid of 16 numbers of its own.

    Attributes
    ----------
    codes : np.ndarray
        Shape ``(rows, columns / 2)``, uint8: the even column in the low half of the byte.
    scale, low : np.ndarray
        Shape ``(rows, groups)``, float16: a number is ``low + code * scale``.
    """

    codes: np.ndarray
    scale: np.ndarray
    low: np.ndarray

    @classmethod
    def of(cls, matrix: np.ndarray, *, moments: np.ndarray, group: int) -> Self:
        """Quantise a matrix so that what it makes of its inputs stays as it is, rather than its numbers.

        Column after column is rounded, and the columns that are still to come make up for the error, weighed by how
        the inputs vary together (Frantar et al. 2022, "GPTQ", algorithm 1).

        Parameters
        ----------
        matrix : np.ndarray
            Shape ``(rows, columns)``; it is applied to inputs ``(columns,)``.
        moments : np.ndarray
            Shape ``(columns, columns)``: the mean of the inputs' outer products.
        group : int
            Columns of a group, a divisor of ``columns``.
        """
        rows, columns = matrix.shape
        if columns % group or columns % 2:
            raise ValueError(f"Expected an even number of columns, of whole groups, received: {columns} and {group}")
        left = matrix.astype(np.float64)
        damped = moments + np.eye(columns) * (_DAMPING * np.mean(np.diag(moments)) + 1e-12)
        spread = np.linalg.cholesky(np.linalg.inv(damped)).T
        codes = np.zeros((rows, columns), np.uint8)
        scale, low = (np.zeros((rows, columns // group), np.float16) for _ in range(2))
        for number, first in enumerate(range(0, columns, group)):
            inside = slice(first, first + group)
            scale[:, number], low[:, number] = _grid(left[:, inside])
            step, start = scale[:, number].astype(np.float64), low[:, number].astype(np.float64)
            errors = np.zeros((rows, group))
            for column in range(first, first + group):
                code = np.clip(np.round((left[:, column] - start) / step), 0, _LEVELS)
                error = (left[:, column] - (start + code * step)) / spread[column, column]
                left[:, column : first + group] -= np.outer(error, spread[column, column : first + group])
                codes[:, column], errors[:, column - first] = code, error
            left[:, first + group :] -= errors @ spread[inside, first + group :]
        return cls(codes[:, ::2] | codes[:, 1::2] << 4, scale, low)

    def matrix(self) -> np.ndarray:
        """The numbers again ``(rows, columns)``, float32."""
        codes = np.stack([self.codes & 15, self.codes >> 4], axis=2).astype(np.float32)
        grouped = codes.reshape(*self.scale.shape, -1)
        numbers = self.low[..., None].astype(np.float32) + grouped * self.scale[..., None].astype(np.float32)
        return numbers.reshape(len(codes), -1)


def _grid(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scale and lowest number ``(rows,)``, float16, with the least squared error of each row ``(rows, columns)``."""
    lowest, highest = numbers.min(axis=1), numbers.max(axis=1)
    best = np.full(len(numbers), np.inf)
    scale, low = (np.zeros(len(numbers), np.float16) for _ in range(2))
    for shrunk in _SHRUNK:  # a narrower grid is finer, and clips the outermost
        step = np.maximum((highest - lowest) * shrunk / _LEVELS, 1e-6).astype(np.float16)
        start = (lowest * shrunk).astype(np.float16)
        wide, from_ = step.astype(np.float64)[:, None], start.astype(np.float64)[:, None]
        rounded = from_ + np.clip(np.round((numbers - from_) / wide), 0, _LEVELS) * wide
        error = np.square(rounded - numbers).sum(axis=1)
        better = error < best
        best, scale, low = np.where(better, error, best), np.where(better, step, scale), np.where(better, start, low)
    return scale, low
