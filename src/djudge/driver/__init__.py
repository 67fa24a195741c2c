"""Runs a project of the operator's own for `djudge check`, in that project's interpreter.

Needs Python 3.9 and the project's own Django, and nothing of the judge. Not jailed, and no evidence of anything: it is
the operator who asks about their own code. It is spoken to in lines of JSON over two pipes, so that whatever the
project prints disturbs nothing.
"""
