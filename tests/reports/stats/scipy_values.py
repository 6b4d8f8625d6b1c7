#!/usr/bin/env python3
"""Prints scipy_values.txt: what SciPy says where reports/stats computes. Run it again after a change:
scipy_values.py > scipy_values.txt (SciPy 1.14.1)

Each line: what | numbers that go in | ... | numbers that come out.
"""
import random

import numpy as np
from scipy import stats

random.seed(7)


def line(what, *groups):
    print(" | ".join([what] + [" ".join(repr(float(x)) for x in group) for group in groups]))


def draw(n, mean=2.0, sd=0.2):
    return [round(random.gauss(mean, sd), 3) for _ in range(n)]


for degrees in (1, 2, 4, 9, 29, 3.7):
    line("student_quantile", [degrees, 0.975], [stats.t.ppf(0.975, degrees)])
    line("student_tail", [degrees, 1.7], [stats.t.sf(1.7, degrees)])

for n in (3, 4, 5, 10, 30):
    values = draw(n)
    mean, sem = np.mean(values), stats.sem(values)
    line("mean_interval", values, stats.t.interval(0.95, n - 1, mean, sem))
    one_more = np.std(values, ddof=1) * np.sqrt(1 + 1 / n)
    line("prediction_interval", values, stats.t.interval(0.95, n - 1, mean, one_more))

for hits, count in ((150, 10000), (0, 50), (50, 50), (1, 3), (700, 30000)):
    result = stats.binomtest(hits, count)
    for method in ("wilson", "exact"):
        interval = result.proportion_ci(0.95, method)
        line(method, [hits, count], [interval.low, interval.high])

for n in (3, 5, 6, 8, 12):
    a, b = draw(n), draw(n, mean=2.1)
    test = stats.ttest_rel(a, b)
    interval = test.confidence_interval(0.95)
    effect = np.mean(np.subtract(a, b)) / np.std(np.subtract(a, b), ddof=1)
    line("paired", a, b, [np.mean(a) - np.mean(b), interval.low, interval.high, test.pvalue, effect])
    if n >= 6:
        exact = stats.permutation_test(
            (a, b), lambda x, y: np.mean(x) - np.mean(y), permutation_type="samples",
            n_resamples=np.inf)
        line("permutation", a, b, [exact.pvalue])

for n, m in ((3, 3), (5, 9), (10, 4)):
    a, b = draw(n), draw(m, mean=2.3, sd=0.5)
    test = stats.ttest_ind(a, b, equal_var=False)
    interval = test.confidence_interval(0.95)
    line("unpaired", a, b, [np.mean(a) - np.mean(b), interval.low, interval.high, test.pvalue])

for n, shift in ((3, 0.0), (5, 0.1), (5, 0.3), (10, 0.2)):
    values = draw(n, mean=1.5 + shift, sd=0.15)
    upper = stats.ttest_1samp(values, 1.5 + 0.35, alternative="less").pvalue
    lower = stats.ttest_1samp(values, 1.5 - 0.35, alternative="greater").pvalue
    line("equivalent", values, [1.5, 0.1, 0.3], [max(upper, lower) < 0.05])
