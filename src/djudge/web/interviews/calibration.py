"""How well somebody's ratings agree with others': Cohen's weighted kappa and leniency, with intervals. Pure.

Cohen (1968), "Weighted kappa", Psychological Bulletin 70, 213-220, with quadratic weights; the standard error is that
of Fleiss, Cohen and Everitt (1969), "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin
72, 323-327. The formulas stand in docs/reference/calibration.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import fsum, sqrt
from statistics import NormalDist, fmean, stdev
from typing import Final

#: Below so many ratings nothing is told: 2k² for k categories, a rule of thumb after Cicchetti (1981).
FEWEST: Final = 18

_Z: Final = NormalDist().inv_cdf(0.975)

type Table = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval; both ends are None where nothing varied, so that nothing can be told."""

    value: float
    low: float | None
    high: float | None

    @property
    def is_above(self) -> bool:
        """Whether all of the interval lies above zero."""
        return self.low is not None and self.low > 0

    @property
    def is_below(self) -> bool:
        """Whether all of it lies below."""
        return self.high is not None and self.high < 0


def quadratic(categories: int) -> list[list[float]]:
    """Weights of agreement: 1 on the diagonal, less by the square of the distance, 0 from one end to the other."""
    most = (categories - 1) ** 2
    return [[1 - (row - column) ** 2 / most for column in range(categories)] for row in range(categories)]


def crossed(pairs: Sequence[tuple[int, int]], categories: int) -> list[list[int]]:
    """How often each pair of places was chosen: a row for the first one's place, a column for the second one's."""
    return [[pairs.count((row, column)) for column in range(categories)] for row in range(categories)]


def weighted_kappa(counts: Table, weights: Table) -> Interval | None:
    """Cohen's weighted kappa of a square table with its asymptotic interval, cut at -1 and 1.

    None where agreement by chance is complete (everything was put in one place by both): there is nothing to compare
    with. With weights of 1 and 0 it is Cohen's kappa of 1960.
    """
    size, number = range(len(counts)), sum(map(sum, counts))
    if not number:
        return None
    share = [[count / number for count in row] for row in counts]
    rows, columns = [sum(row) for row in share], [sum(column) for column in zip(*share, strict=True)]
    observed = sum(weights[i][j] * share[i][j] for i, j in product(size, size))
    chance = sum(weights[i][j] * rows[i] * columns[j] for i, j in product(size, size))
    if chance >= 1 - 1e-12:
        return None
    kappa = (observed - chance) / (1 - chance)
    of_row = [sum(columns[j] * weights[i][j] for j in size) for i in size]
    of_column = [sum(rows[i] * weights[i][j] for i in size) for j in size]
    squares = sum(
        share[i][j] * (weights[i][j] * (1 - chance) - (of_row[i] + of_column[j]) * (1 - observed)) ** 2
        for i, j in product(size, size)
    )
    spread = squares - (observed * chance - 2 * chance + observed) ** 2
    return _around(kappa, sqrt(max(spread, 0) / number) / (1 - chance) ** 2)


def _around(kappa: float, error: float) -> Interval:
    if error < 1e-9:
        return Interval(kappa, None, None)
    return Interval(kappa, max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error))


def leniency(distances: Sequence[float]) -> Interval | None:
    """The mean of signed distances in anchors (above zero: higher than the others) with Student's interval; None for
    fewer than two."""
    if len(distances) < 2:
        return None
    mean, deviation = fmean(distances), stdev(distances)
    if deviation < 1e-9:
        return Interval(mean, None, None)
    half = student(len(distances) - 1) * deviation / sqrt(len(distances))
    return Interval(mean, mean - half, mean + half)


def student(freedom: int) -> float:
    """The quantile of 97.5 % of Student's distribution, by the expansion in Abramowitz and Stegun (1964), 26.7.5: right
    to two decimals from five degrees of freedom on, and to four from `FEWEST`."""
    z, n = _Z, freedom
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + fsum(term / n**power for power, term in enumerate(terms, 1))
