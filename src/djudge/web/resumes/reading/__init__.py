"""A file to a `Document`. The way: `running` starts `child` in a process of its own, which `confining` ties down;
`pdf` or `docx` takes the file apart, `layout` finds columns and the order of reading, `headings` the sections.

What runs in the child imports neither Django nor anything of ours outside this package.
"""
