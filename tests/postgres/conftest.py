"""A shop on a real server: one cluster for all tests, a fresh clone for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from djudge.engine.folders import scratch_folder
from djudge.engine.identities import SlotIdentities, claim_identities
from djudge.engine.postgres.binaries import Binaries, find_binaries
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.databases import Connection, Database, Login
from djudge.engine.postgres.templates import Template, Templates
from djudge.engine.postgres.witness.counters import Gap
from djudge.engine.postgres.witness.reading import Reading
from djudge.engine.postgres.witness.witness import Witness

#: 10 shops x 100 products; each product has a brand, and the keys are checked when a transaction ends, as
#: Django's are.
SHOP = """
CREATE TABLE brand (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE product (
  id int PRIMARY KEY, name text NOT NULL, price int NOT NULL,
  brand_id int NOT NULL REFERENCES brand DEFERRABLE INITIALLY DEFERRED,
  rival_id int REFERENCES brand DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX product_brand ON product (brand_id);
CREATE TABLE secret (id int PRIMARY KEY, word text NOT NULL);
CREATE FUNCTION name_of(wanted int) RETURNS text LANGUAGE plpgsql AS
  'BEGIN RETURN (SELECT name FROM brand WHERE id = wanted); END';
INSERT INTO brand SELECT n, 'brand ' || n FROM generate_series(1, 1000) AS n;
INSERT INTO product SELECT n, 'product ' || n, n % 97, n, NULL FROM generate_series(1, 1000) AS n;
INSERT INTO secret SELECT n, md5(n::text) FROM generate_series(1, 500) AS n;
"""


def build_shop(database: Database) -> None:
    """Fill a template."""
    with database.arrange() as connection:
        connection.execute(SHOP)


@dataclass(frozen=True)
class Guest:
    """Stands for one guest process: whatever holds this login's password."""

    cluster: Cluster
    database: Database
    login: Login
    witness: Witness

    def open(self, *, server_side: bool = False) -> Connection:
        """A session of the guest's own making; `server_side` binds parameters in the server."""
        kind = psycopg.Cursor if server_side else psycopg.ClientCursor
        return psycopg.connect(
            host=str(self.cluster.socket_folder),
            user=self.login.role,
            password=self.login.password,
            dbname=self.login.database,
            autocommit=True,
            cursor_factory=kind,
        )

    @contextmanager
    def session(self, *, server_side: bool = False) -> Iterator[Connection]:
        """A session that is closed afterwards."""
        connection = self.open(server_side=server_side)
        try:
            yield connection
        finally:
            connection.close()

    def run(self, *statements: str) -> None:
        """Send statements, each by itself, in one session; errors end the session, not the test."""
        with self.session() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def read(self) -> Reading:
        """What the witness saw since the last look."""
        return self.witness.read(self.database, self.login)

    def gaps(self, *readings: Reading) -> tuple[Gap, ...]:
        """What only the counters saw."""
        return self.witness.gaps(self.database, readings)


@contextmanager
def running(
    identities: SlotIdentities, binaries: Binaries | None = None, ready: str | None = None
) -> Iterator[Cluster]:
    """A cluster in a scratch folder of its own."""
    with scratch_folder() as folder:
        cluster = Cluster(folder=folder, binaries=binaries or find_binaries(), identity=identities.server)
        cluster.start(ready)
        with cluster:
            yield cluster


@pytest.fixture(scope="session")
def identities() -> Iterator[SlotIdentities]:
    claimed = claim_identities()
    yield claimed
    claimed.release()


@pytest.fixture(scope="session")
def data_of_these_tests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of the tests' own."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def data(data_of_these_tests: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, as the judge's for one test: tests elsewhere have theirs."""
    monkeypatch.setenv("DJUDGE_DATA", str(data_of_these_tests))
    return data_of_these_tests


@pytest.fixture(scope="session")
def cluster(identities: SlotIdentities, data_of_these_tests: Path) -> Iterator[Cluster]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJUDGE_DATA", str(data_of_these_tests))
        with running(identities) as started:
            patch.undo()
            yield started


@pytest.fixture(scope="session")
def shop(cluster: Cluster) -> Template:
    return Templates(cluster).ensure("shop", build_shop)


@pytest.fixture
def database(shop: Template) -> Iterator[Database]:
    cloned = shop.clone()
    yield cloned
    cloned.drop()


@pytest.fixture
def guests(cluster: Cluster, database: Database) -> Callable[[], Guest]:
    """Makes guests of one database, each with a login of its own."""
    witness = Witness(cluster)
    return lambda: Guest(cluster, database, database.login(), witness)


@pytest.fixture
def guest(guests: Callable[[], Guest]) -> Guest:
    return guests()


def shapes(reading: Reading) -> Sequence[str]:
    """The shapes of a reading's groups."""
    return [group.shape for group in reading.groups()]
