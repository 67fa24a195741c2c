"""The web application that hiring teams and candidates use: Django, on the engine as a library."""
