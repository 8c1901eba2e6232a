"""``python -m induction``: the command line."""

from induction.cli import main

main()
