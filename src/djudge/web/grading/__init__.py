"""The adapter to the engine, and the only package of the web that imports it: tasks, submissions, reports."""
