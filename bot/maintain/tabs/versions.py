"""The tab of the versions: going back to one, which asks and says what the articles lose."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from bot.maintain import render
from bot.maintain.maintenance import Maintenance
from bot.maintain.notices import notices
from bot.maintain.render import word
from bot.maintain.tabs.parts import WRITER, Ask, ask_panel, who
from index.errors import LiangceError


class Versions:
    """What the buttons of the tab do."""

    def __init__(self, maintenance: Maintenance) -> None:
        self._maintenance = maintenance

    def listed(self) -> tuple[gr.Dropdown, str]:
        """The choice of versions to go back to, and all of them."""
        try:
            kept = self._maintenance.versions()
        except LiangceError as error:
            return gr.Dropdown(choices=[], value=None), render.unreadable(error)
        others = [(version.name, version.name) for version in kept if not version.live and not version.draft]
        return gr.Dropdown(choices=others, value=None), render.versions(kept)

    def ask(self, version: str | None) -> tuple[Any, ...]:
        """What would be lost by going back to the chosen version."""
        if not version:
            return render.problem(word("maintain.version-first")), *Ask.closed()
        try:
            return "", *Ask.asked(version, self._maintenance.lost_by_rolling_back(version))
        except LiangceError as error:
            return render.refused(error), *Ask.closed()

    def roll_back(self, request: gr.Request, version: str) -> Iterator[tuple[Any, ...]]:
        """Make the version live that was asked about."""
        for notice in notices(lambda: word("maintain.rolled-back", version=self._maintenance.roll_back(version, who(request)))):
            yield notice.html, *Ask.closed(), *(self.listed() if notice.ended else (gr.skip(), gr.skip()))


def versions_tab(maintenance: Maintenance, notice: gr.HTML, tab: gr.Tab) -> None:
    """The tab's components."""
    handlers = Versions(maintenance)
    version = gr.Dropdown(label=word("head.version"), choices=[], elem_id="version")
    back = gr.Button(word("maintain.roll-back"), elem_id="back")
    ask = ask_panel("version", word("maintain.roll-back-sure"))
    listing = gr.HTML(elem_id="versions")
    back.click(handlers.ask, version, [notice, *ask.told], api_visibility="private", show_progress="hidden")
    ask.yes.click(
        handlers.roll_back, ask.deed, [notice, *ask.told, version, listing], api_visibility="private", show_progress="hidden",
        concurrency_id=WRITER, concurrency_limit=1,
    )  # fmt: skip
    tab.select(handlers.listed, None, [version, listing], api_visibility="private", show_progress="hidden")
