"""What tests of several parts share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.budget import examples
from tests.postgresql import binaries, server

# Thousands of short lives: looked through less often, which saves a seventh of the processor time.
gc.set_threshold(20_000, 20, 50)

settings.register_profile("griot", max_examples=examples(100))
settings.load_profile("griot")


def pytest_collection_finish() -> None:
    """What was loaded and collected is there to the end: nothing looks through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL database that may be emptied.

    `GRIOT_TEST_POSTGRESQL`, or a server started for the tests where its binaries are installed.
    """
    given = os.environ.get("GRIOT_TEST_POSTGRESQL", "")
    folder = binaries()
    if given:
        yield given
    elif folder is None:
        pytest.skip("PostgreSQL is not installed here")
    else:
        with server(folder) as address:
            yield address
