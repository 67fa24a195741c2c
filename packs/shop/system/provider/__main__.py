"""`python -m provider --port N --shop URL`: runs on loopback until it is stopped. PROVIDER_SECRET holds the secret."""

import argparse
import os
import sys

from provider.ledger import Ledger
from provider.messenger import Messenger
from provider.site import serve


def main():
    """Exit status 1 where no secret is set."""
    parser = argparse.ArgumentParser(prog="provider", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--shop", required=True, help="where the shop answers; messages go to payments/webhook/ below it"
    )
    told = parser.parse_args()
    secret = os.environ.get("PROVIDER_SECRET", "")
    if not secret:
        sys.exit("provider: PROVIDER_SECRET is not set: nobody could believe what it tells.")
    messenger = Messenger(told.shop.rstrip("/") + "/payments/webhook/", secret)
    messenger.start()
    serve(told.port, Ledger(messenger.tell), secret)


if __name__ == "__main__":
    main()
