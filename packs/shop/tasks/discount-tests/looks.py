"""Names by which tests look at what they run over, instead of at what it does: by the finding that they are worth."""

LOOKS = {
    "reads-the-source": (
        "getsource", "getsourcelines", "getfile", "__code__", "co_code", "sha256", "md5", "read_text", "read_bytes",
    ),
    "measures-time": ("perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "thread_time"),
    "uses-the-database": ("cursor", "objects"),
}  # fmt: skip
