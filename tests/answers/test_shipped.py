from __future__ import annotations

import pytest

from tripoint.answers.shipped import only_shipped
from tripoint.errors import InputError, UnknownNameError


def test_what_ships_is_asked_by_name():
    only_shipped({"argument": "russia-china-india", "scenario": "russia-ukraine-2022", "a": "RUS", "claim": "x"})


@pytest.mark.parametrize("path", ["/etc/passwd", "../../secret.toml", "claims.toml", "russia-china-india.toml"])
@pytest.mark.parametrize("key", ["argument", "scenario"])
def test_no_file_of_this_machine_is_read(key, path):
    with pytest.raises(UnknownNameError, match="what ships"):
        only_shipped({key: path})


def test_a_series_of_ones_own_is_for_the_command_line():
    with pytest.raises(InputError, match="command line"):
        only_shipped({"file": "/etc/passwd"})
