"""Entry of the program: a command goes to the command line, no command opens the window.

Nothing heavy is imported here. A hidden argument turns the frozen program into its own child process for reading
workbooks, because a frozen program has no separate interpreter to start.
"""

from __future__ import annotations

import sys

READER_ARGUMENT = "--read-workbook-child"


def main() -> int:
    """Run the command line or the window and return the exit code."""
    arguments = sys.argv[1:]
    if arguments and arguments[0] == READER_ARGUMENT:
        from xiaobao_desktop.exchange import reader_child

        del sys.argv[1]
        return reader_child.main()
    from xiaobao_desktop import cli

    return cli.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
