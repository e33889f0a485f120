"""The command, for `python -m tallybook`."""

from tallybook.cli.main import main

if __name__ == "__main__":
    main()
