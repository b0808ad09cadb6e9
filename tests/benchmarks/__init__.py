"""How fast the program is, beside named alternatives: ``python -m tests.benchmarks``.

``arms`` holds what is timed, one function each; ``lines`` says which ratios of arms are the
lines of the table, and what each is to reach; ``__main__`` runs every arm in a process of its
own, in turns, and writes the table. Not part of the test run: figures of one machine prove
nothing about another, and ratios of one run do.
"""
