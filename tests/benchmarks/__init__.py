"""`python -m tests.benchmarks` (`make bench`): how quick the Offers page is, beside Datasette and the limit.

Every figure stands beside its goal and nothing fails when one is missed. Compare ratios: milliseconds are those of
the machine and of what else it does.

``--only matching`` tells how quickly and how well offers are matched; `tests.benchmarks.matching` says by which labels.
"""
