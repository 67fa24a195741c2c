"""The attack battery: what hostile submissions try, and by which wall each is stopped. `make attacks` runs it.

A case is a folder `<ID>_<what it tries>/case.py` with an `attempt` that must fail for the reason it names, and a
`control` that shows the attack to be real: the same attempt with one layer left out, bounded, succeeds.
"""
