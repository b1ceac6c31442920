"""Become another program, with bounds: `python confined.py MEMORY FILE_SIZE SECONDS PROGRAM ARGUMENT…`, bytes and seconds of its processor time."""

import os
import resource
import sys


def main(arguments: list[str]) -> None:
    """Set the bounds, which hold for what the program starts in turn, and run it in place of this one."""
    memory, size, seconds, *command = arguments
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (int(most), int(most)))
    os.execv(command[0], command)  # noqa: S606  # the program was found by its name in the path, and gets no shell


if __name__ == "__main__":
    main(sys.argv[1:])
