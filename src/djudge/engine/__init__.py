"""The judge: a library and the `djudge` command. It imports neither Django nor candidate code."""
