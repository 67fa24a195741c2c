"""The only code of ours inside the sandbox: standard library, and the system's own Django."""
