"""The evidence that ships with the package, opened once."""

import pytest

import tripoint


@pytest.fixture(scope="session")
def evidence(tmp_path_factory):
    return tripoint.open_evidence(tmp_path_factory.mktemp("answers-home"))
