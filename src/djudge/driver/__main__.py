"""`python -m djudge.driver ASKING ANSWERING`: the numbers of two pipes."""

import sys

from djudge.driver.serving import serve

if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
