"""The command `yiqi`, also `python -m service`."""

from __future__ import annotations

from service.cli.app import run


def main() -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 wrong use."""
    run()


if __name__ == "__main__":
    main()
