"""`python -m cuprum.cli`: the same command, where the `cuprum` script is not on the path."""

from cuprum.cli import main

main()
