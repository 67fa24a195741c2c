"""One versioned document for each grading, and its renderings: terminal, HTML, JUnit, JSON."""
