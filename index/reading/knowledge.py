"""What is known of an article besides its text, from several places: each says some fields, and the more certain one counts."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from index.documents import Metadata, Status
from index.errors import InvalidValueError, SourceError, reason_of
from index.language import Message
from index.validity import earliest, latest

CATALOGUE = "articles.toml"

LONGEST, LONGEST_NOTE = 300, 5000  # characters of a field: a title of a law has at most about 100
_MOST_NAMES = 100  # reporters of an article

_ID = r"^\w[\w.·-]{0,119}$"  # none that is hidden as a file, or means a folder
_FIELDS = frozenset(Metadata.__dataclass_fields__)


def _date(value: object) -> str:
    text = value.isoformat()[:10] if isinstance(value, date) else str(value).strip()
    text = re.sub(
        r"^(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?$", lambda d: "-".join(f"{int(part):02d}" for part in d.groups() if part), text
    )
    if text and (not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text) or earliest(text) is None):
        raise InvalidValueError("date-form")
    return text


def _names(value: object) -> object:
    return tuple(name for name in re.split(r"[、,，\s]+", value) if name) if isinstance(value, str) else value


def _seen(text: str) -> str:
    """A text in one line, without what cannot be seen: marks of direction would show a title's words in another order than they have."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    return "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf"))


Date = Annotated[str, BeforeValidator(_date)]


class Known(BaseModel):
    """Some of the fields of `Metadata`, as a person writes them; those that are not written are not known."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern=_ID)] = ""
    title: str = ""
    publisher: str = ""
    paper: str = ""
    published: Date = ""
    region: str = ""
    reporters: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    status: Status = Status.IN_FORCE
    superseded_by: str = ""
    effective: Date = ""
    expires: Date = ""
    source: str = ""
    licence: str = ""
    note: str = ""
    number: str = ""
    level: Literal["", "国家", "省", "市", "区"] = ""

    @field_validator("*")
    @classmethod
    def _check_text(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):  # half a character, which no file can hold
            raise InvalidValueError("text-broken")
        most = LONGEST_NOTE if info.field_name == "note" else LONGEST
        if isinstance(value, str) and len(value) > most:
            raise InvalidValueError("text-long", length=len(value), most=most)
        if isinstance(value, tuple) and (len(value) > _MOST_NAMES or any(len(name) > LONGEST for name in value)):
            raise InvalidValueError("names-long", most=_MOST_NAMES, longest=LONGEST)
        return _seen(value) if type(value) is str else value  # a status stays one

    @model_validator(mode="before")
    @classmethod
    def _read_status(cls, values: Any) -> Any:
        """`superseded by X` is a status and what it is superseded by; a name alone says the status too."""
        if not isinstance(values, Mapping):
            return values
        read = dict(values)
        if found := re.fullmatch(r"superseded by (.+)", str(read.get("status", ""))):
            read |= {"status": Status.SUPERSEDED, "superseded_by": found[1].strip()}
        elif read.get("superseded_by"):
            read.setdefault("status", Status.SUPERSEDED)
        return read

    @model_validator(mode="after")
    def _check_dates(self) -> "Known":
        begins, ends = earliest(self.effective), latest(self.expires)
        if begins and ends and ends < begins:
            raise InvalidValueError("dates-crossed", expires=self.expires, effective=self.effective)
        return self

    def known_fields(self) -> dict[str, Any]:
        """The fields that were written, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class _Entry(Known):
    id: Annotated[str, Field(pattern=_ID)]
    file: str


# Where more can be said of a field than what pydantic finds wrong with it.
_FORMS = {("id", "string_pattern_mismatch"): "id-form", ("status", "enum"): "status-form"}


def known(values: Mapping[str, Any], place: Message) -> dict[str, Any]:
    """The fields in `values`, checked; raises `SourceError` that names the wrong one and the `place` where it stands."""
    try:
        return Known.model_validate(dict(values)).known_fields()
    except ValidationError as error:
        raise SourceError("known-wrong", place=place, problem=first_problem(error)) from error


def front_matter_fields(values: Mapping[str, str]) -> dict[str, Any]:
    """What front matter says of an article; keys of other programs are passed over, `date` is when it was published."""
    own = {name.lower(): value for name, value in values.items() if name.lower() in _FIELDS}
    if "date" in values and "published" not in own and re.match(r"\d{4}-\d{2}-\d{2}", values["date"]):
        own["published"] = values["date"][:10]
    return known(own, Message("place.front-matter"))


def read_catalogue(path: Path) -> dict[str, dict[str, Any]]:
    """What an articles.toml says, by the file's name as seen from it; empty where there is none."""
    if not path.is_file():
        return {}
    try:
        entries = [_Entry.model_validate(entry) for entry in tomllib.loads(path.read_text("utf-8")).get("article", [])]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SourceError("catalogue-not-toml", path=path, error=error) from error
    except ValidationError as error:
        raise SourceError("catalogue-wrong", path=path, problem=first_problem(error)) from error
    if twice := sorted(name for name, times in Counter(entry.file for entry in entries).items() if times > 1):
        raise SourceError("catalogue-twice", path=path, names=twice[:3])
    return {entry.file: {name: value for name, value in entry.known_fields().items() if name != "file"} for entry in entries}


def metadata(*layers: Mapping[str, Any]) -> Metadata:
    """What is known, from the least certain layer to the most; an empty value says nothing."""
    whole: dict[str, Any] = {}
    for layer in layers:
        whole |= {name: value for name, value in layer.items() if value not in ("", ())}
        # A status that is said later is not superseded by what an earlier layer named.
        if "status" in layer and "superseded_by" not in layer:
            whole.pop("superseded_by", None)
    return Metadata(**whole)


def id_of(path: Path) -> str:
    """The id of an article that nobody has named: its file's name without the ending, as far as an id may hold it."""
    name = re.sub(r"[^\w.·-]+", "-", path.stem).strip("-.·")
    if not name:
        raise SourceError("file-name-bare")
    if len(name) > 120:
        raise SourceError("file-name-long", length=len(name))
    return name


def first_problem(error: ValidationError) -> Message:
    """The first thing that is wrong, with what was given."""
    problem = error.errors()[0]
    names = [str(part) for part in problem["loc"]]
    form = _FORMS.get((names[0] if names else "", problem["type"]))
    reason = Message(form, message=problem["msg"]) if form else reason_of(problem)
    given = problem["input"]
    if not names:
        return (
            Message("whole-wrong", reason=reason)
            if isinstance(given, Mapping)
            else Message("whole-wrong-given", reason=reason, given=given)
        )
    field = Message(f"field.{names[0] if names[0] in _Entry.model_fields else 'other'}", name=".".join(names))
    if isinstance(given, Mapping):
        return Message("field-wrong", field=field, reason=reason)
    return Message("field-wrong-given", field=field, reason=reason, given=given)
