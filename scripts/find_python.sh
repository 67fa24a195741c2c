#!/bin/sh
# Prints a Python that can run Djudge (3.12 or newer), or says what is missing.
for candidate in "${PYTHON:-}" python3.13 python3.12 python3.14 python3; do
    [ -n "$candidate" ] || continue
    # The interpreter itself: an activated .venv must not be made anew from itself.
    found=$("$candidate" -c 'import os, sys, venv, ensurepip
assert sys.version_info >= (3, 12)
print(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))' 2>/dev/null) && { echo "$found"; exit 0; }
done
echo "djudge: needs Python 3.12 or newer with venv (Debian: apt install python3 python3-venv)." >&2
echo "        Another one can be named: make PYTHON=/path/to/python3.12 run" >&2
exit 1
