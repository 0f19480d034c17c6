"""``python -m tripoint.cli`` is the command ``tripoint``."""

from tripoint.cli.main import main

main()
