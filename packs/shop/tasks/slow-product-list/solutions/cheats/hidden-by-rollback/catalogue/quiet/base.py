"""PostgreSQL, asked in a way that leaves no plan: through cursors whose transaction is rolled back."""

from django.db.backends.postgresql import base


class QuietCursor:
    """A cursor that fetches every SELECT through DECLARE and FETCH, then takes it back."""

    def __init__(self, cursor, wrapper):
        self._cursor = cursor
        self._wrapper = wrapper
        self._rows = None

    def __getattr__(self, name):
        return getattr(self._cursor, name)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._cursor.close()

    def __iter__(self):
        return iter(self._cursor) if self._rows is None else self._rows

    def execute(self, sql, params=None):
        self._rows = None
        if self._wrapper.in_atomic_block or not str(sql).lstrip().upper().startswith("SELECT"):
            return self._cursor.execute(sql, params)
        self._cursor.execute("BEGIN")
        try:
            self._cursor.execute(f"DECLARE quiet NO SCROLL CURSOR FOR {sql}", params)
            self._cursor.execute("FETCH FORWARD 100000 FROM quiet")
            self._rows = iter(self._cursor.fetchall())
        finally:
            description = self._cursor.description
            self._cursor.execute("ROLLBACK")
        self.description = description
        return self

    def fetchone(self):
        return self._cursor.fetchone() if self._rows is None else next(self._rows, None)

    def fetchall(self):
        return self._cursor.fetchall() if self._rows is None else list(self._rows)

    def fetchmany(self, size=1):
        if self._rows is None:
            return self._cursor.fetchmany(size)
        return [row for _, row in zip(range(size), self._rows, strict=False)]


class DatabaseWrapper(base.DatabaseWrapper):
    """The usual backend with the quiet cursor."""

    def create_cursor(self, name=None):
        cursor = super().create_cursor(name)
        return QuietCursor(cursor, self) if name is None else cursor
