"""Where the evaluation leaves its reports, so that the page can show the newest one."""

from pathlib import Path

PAGE = "report.html"


def runs_folder(data: Path) -> Path:
    """The folder that holds a folder for each run of the evaluation; their names begin with the time."""
    return data / "eval" / "runs"


def newest_report(data: Path) -> Path | None:
    """The page of the newest report, None where there is none."""
    return max(runs_folder(data).glob(f"*/{PAGE}"), default=None)
