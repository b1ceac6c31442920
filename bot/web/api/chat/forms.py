"""What clients of OpenAI's protocol send, as far as it is heeded: https://platform.openai.com/docs/api-reference/chat/create"""

from typing import Any, Literal

from pydantic import BaseModel, field_validator

from bot.web.api.asking import Asked
from bot.web.api.forms import check_whole
from bot.web.api.problems import ProblemError

MODEL = "liangce"


class ContentPart(BaseModel):
    """A part of a message; only texts are heeded."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """One turn of a conversation; only those of the user are heeded."""

    role: Literal["developer", "system", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """The texts of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream is to hold besides."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A conversation whose last turn of the user is the question; what else a client sends, such as a temperature, has no meaning here."""

    model: str
    messages: list[ChatMessage]
    stream: bool = False
    stream_options: StreamOptions | None = None

    _whole = field_validator("*", mode="before")(check_whole)

    def asked(self) -> Asked:
        """The question, after the user's turns before it; raises `ProblemError` where there is none, or another model is asked for."""
        if self.model != MODEL:
            raise ProblemError("api-model-unknown", model=self.model, known=MODEL)
        turns = [message.text for message in self.messages if message.role == "user"]
        if not turns or self.messages[-1].role != "user":
            raise ProblemError("api-no-question")
        return Asked(turns[-1], turns[:-1])

    @property
    def wants_usage(self) -> bool:
        """Whether the stream is to end with the tokens."""
        return bool(self.stream_options and self.stream_options.include_usage)


def error_object(error: ProblemError, message: str) -> dict[str, Any]:
    """A problem as clients of that protocol expect it."""
    kind = "invalid_request_error" if error.status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": error.code.removeprefix("api-")}}
