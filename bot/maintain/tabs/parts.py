"""What several tabs share: who asks, the form of an article, and a panel that asks before something is lost."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from bot.maintain import render
from bot.maintain.losses import Loss
from bot.maintain.render import word
from bot.maintain.uploads import FIELDS, SUPERSEDES
from bot.web.accounts.entrance import user_of
from bot.web.accounts.users import Role
from index.errors import CallError

WRITER = "writer"  # the queue of what changes the index: one at a time
_EXAMPLES = {"published": "2023-05-30", "effective": "2023-06-01", "expires": "2025-05-31"}


def who(request: gr.Request, role: Role = Role.PUBLISH) -> str:
    """Who is logged in and does what needs a role, by default what changes the answers; raises `CallError` where theirs does not let them."""
    user = user_of(request)
    if user is None or not user.may(role):
        raise CallError("role-missing", role=role.value)
    return user.name


def form_boxes(values: Mapping[str, str] | None = None, prefix: str = "") -> list[gr.Textbox]:
    """A box for each of `FIELDS`, in rows, with what is known; `prefix` begins the ids of the elements."""
    boxes: dict[str, gr.Textbox] = {}
    for row in (FIELDS[:2], FIELDS[2:6], FIELDS[6:9], FIELDS[9:]):
        with gr.Row():
            for name in row:
                example = word("maintain.form-status-example") if name == "status" else _EXAMPLES.get(name)
                shown = spell_status((values or {}).get(name, "")) if name == "status" else (values or {}).get(name, "")
                boxes[name] = gr.Textbox(
                    label=word(f"maintain.form-{name}"), value=shown, placeholder=example, max_lines=1, min_width=140,
                    elem_id=f"{prefix}{name}" if prefix else None,
                    interactive=True,  # else Gradio locks a box that `gr.render` makes with a value in it
                )  # fmt: skip
    return [boxes[name] for name in FIELDS]


def form_fields(values: Sequence[str]) -> dict[str, str]:
    """The values of the boxes by the names of their fields."""
    fields = dict(zip(FIELDS, (value or "" for value in values), strict=True))
    return fields | {"status": read_status(fields["status"])}


def forms_of(values: Sequence[Any]) -> list[dict[str, str]]:
    """The forms of several files, one behind the other: the boxes of each, and the ids of the articles that are ticked to be superseded."""
    each = len(FIELDS) + 1
    forms = (values[start : start + each] for start in range(0, len(values), each))
    return [form_fields(form[:-1]) | {SUPERSEDES: "\n".join(form[-1] or ())} for form in forms]


def read_status(text: str) -> str:
    """A status as the index reads it, from what a maintainer typed, which may be Chinese; anything else stays as it is."""
    text = text.strip()
    if found := re.fullmatch(r"已?被(.+)取代", text):
        return f"superseded by {found[1].strip()}"
    return {"有效": "in force", "现行有效": "in force", "已废止": "withdrawn", "废止": "withdrawn", "已撤下": "withdrawn"}.get(text, text)


def spell_status(text: str) -> str:
    """A status as the form shows it, in Chinese where `read_status` reads that."""
    if text.startswith("superseded by "):
        return f"被{text.removeprefix('superseded by ')}取代"
    return {"in force": "有效", "withdrawn": "已废止"}.get(text, text)


@dataclass(frozen=True, slots=True)
class Ask:
    """A panel that asks before something is lost; `deed` is what was asked about."""

    panel: gr.Group
    text: gr.HTML
    deed: gr.State
    yes: gr.Button
    no: gr.Button

    @property
    def told(self) -> list[gr.Group | gr.HTML | gr.State]:
        """What `asked` and `closed` set."""
        return [self.panel, self.text, self.deed]

    @staticmethod
    def asked(deed: str, losses: Iterable[Loss]) -> tuple[gr.Group, str, str]:
        """The panel, open, with what would be lost."""
        return gr.Group(visible=True), render.losses(losses), deed

    @staticmethod
    def closed() -> tuple[gr.Group, str, str]:
        """The panel, closed."""
        return gr.Group(visible=False), "", ""


def ask_panel(name: str, yes: str) -> Ask:
    """A panel, not shown yet; `yes` is what its button says."""
    with gr.Group(visible=False, elem_id=f"{name}-ask", elem_classes="ask") as panel:
        text = gr.HTML()
        deed = gr.State("")
        with gr.Row():
            no = gr.Button(word("maintain.cancel"), elem_id=f"{name}-no")
            sure = gr.Button(yes, variant="stop", elem_id=f"{name}-yes")
    ask = Ask(panel, text, deed, sure, no)
    no.click(Ask.closed, None, ask.told, api_visibility="private", show_progress="hidden")
    return ask
