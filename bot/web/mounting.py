"""Puts Gradio blocks into the web application, so that they ask no host outside and show nothing of Gradio's own."""

import os
import warnings
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.routing import Mount

from bot.settings import ServerSettings
from bot.web.guarding.routes import FILES, PAGE, Allowed


def mount_blocks(app: FastAPI, blocks: gr.Blocks, path: str, server: ServerSettings, *, takes_files: bool = False, **more: Any) -> FastAPI:
    """`app` with Gradio blocks at a path, of which only the routes answer that a page needs; `takes_files` is whether files are sent to it.

    `more` are further arguments of Gradio's own function. Routes that `app` has already come first.
    """
    # Blocks that Gradio makes itself, such as its monitoring page, ask a host outside for the newest version unless this is set.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    with warnings.catch_warnings():  # of several pages Gradio says that it cannot render them on the server, which is not asked for
        warnings.filterwarnings("ignore", "SSR mode is not supported")
        mounted: FastAPI = gr.mount_gradio_app(
            app, blocks, path, server_name=server.host, server_port=server.port, footer_links=[], run_history=False, show_error=False,
            ssr_mode=False, **more,
        )  # fmt: skip
    # Gradio checks that a file was sent to it, and is no other file of this machine, only for blocks that it launched itself.
    blocks.has_launched = True
    mount = mounted.routes[-1]
    assert isinstance(mount, Mount), "Gradio mounts the blocks last"
    mount.app = Allowed(mount.app, [name for name, *_ in blocks.pages], {**PAGE, **FILES} if takes_files else PAGE)
    return mounted


def signed(server: ServerSettings) -> str:
    """What the head of a page behind the login holds: the script by which all that it sends holds its token."""
    return f'<script src="{server.root_path}/page/signed.js"></script>'
