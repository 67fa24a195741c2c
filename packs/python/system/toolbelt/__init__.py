"""Small tools that several scripts share. Each module is one tool; nothing is imported here."""
