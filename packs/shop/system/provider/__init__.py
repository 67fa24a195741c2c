"""A payment provider to try the shop with: no part of the shop, and knows nothing of it but an address and a secret."""
