"""The settings, read once from the environment; a wrong one stops the start and says what would be right."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from math import nan
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from service.errors import SettingsError

Network = IPv4Network | IPv6Network
USUAL_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# for so many days beyond the last one on which they count statements are kept
DAYS_AFTER = 30
PACKAGE = Path(__file__).resolve().parent


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host in USUAL_LOOPBACK:  # speed: 0.1 microseconds in place of 5, for each call
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs; no field holds a secret but `database_url`, which is never printed."""

    host: str
    port: int
    public_url: str
    clients: Path | None
    database_url: str
    content: Path
    workers: int
    as_of: Literal["today", "order"] | date
    cpu_seconds: float
    demo: bool = False  # whether `/demo` is served
    pages: bool = (
        False  # whether pages of orders are kept in memory for those clients that have them
    )
    # statements of prescribers are kept so many days beyond the last one on which they count; None keeps none
    statement_days: int | None = None
    shadow: Path | Literal["drafts"] | None = None  # the documents that judge in shadow
    evaluation: bool = True  # whether versions that two people have not reviewed judge orders
    log: Literal["text", "json"] = "text"
    traces: bool = False  # whether spans go to the collector that OpenTelemetry's variables name
    record: Path | None = None  # the folder of recordings; None records nothing
    cache: Path | None = None  # the folder of the compiled documents; None keeps none
    metrics: (
        tuple[Network, ...] | None
    ) = ()  # who may read `/metrics` beside this machine; None: nobody

    @property
    def loopback(self) -> bool:
        """Whether only this machine can call us."""
        return is_loopback(self.host)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of an environment; an empty value counts as absent, but turns off the cache."""
    given = {
        name: value for name, value in environment.items() if value and name.startswith("CDS_")
    }
    host, port = given.get("CDS_HOST", "127.0.0.1"), _number(given, "CDS_PORT", 8080, 65535)
    return Settings(
        host=host,
        port=port,
        public_url=_public_url(given, host, port),
        clients=read_clients(given),
        database_url=given.get(
            "CDS_DATABASE_URL", f"sqlite:///{Path.cwd() / 'var' / 'dupilumab-cds.db'}"
        ),
        content=_content(given),
        workers=_number(given, "CDS_WORKERS", 2, 128),
        as_of=read_as_of(given.get("CDS_AS_OF", "today"), "CDS_AS_OF"),
        cpu_seconds=_seconds(given, "CDS_CPU_SECONDS", 1, 0.1, 60),
        demo=_demo(given, host),
        pages=_pages(given.get("CDS_PAGES", "memory")),
        statement_days=_statements(given),
        shadow=_shadow(given),
        evaluation=_on(given, "CDS_EVALUATION", "on"),
        record=Path(given["CDS_RECORD"]) if "CDS_RECORD" in given else None,
        cache=_cache(environment.get("CDS_CACHE_DIR")),
        traces=_traces(given.get("CDS_TRACES", "off")),
        log=_log(given.get("CDS_LOG", "text")),
        metrics=_metrics(given.get("CDS_METRICS", "local")),
    )


def _number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = given.get(name, str(default))
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= most):
        raise SettingsError(f"{name}: {value!r} is no whole number from 1 to {most}")
    return int(value)


def _seconds(
    given: Mapping[str, str], name: str, default: float, least: float, most: float
) -> float:
    value = given.get(name, str(default))
    try:
        seconds = float(value)
    except ValueError:
        seconds = nan
    if not least <= seconds <= most:
        raise SettingsError(f"{name}: {value!r} is no number of seconds from {least} to {most}")
    return seconds


def _pages(value: str) -> bool:
    """Whether pages of orders are kept at all."""
    if value not in {"memory", "off"}:
        raise SettingsError(f"CDS_PAGES: {value!r} is none of memory, off")
    return value == "memory"


def _statements(given: Mapping[str, str]) -> int | None:
    """How many days statements are kept beyond their last one, where they are kept at all."""
    value = given.get("CDS_STATEMENTS", "off")
    if value not in {"off", "store"}:
        raise SettingsError(f"CDS_STATEMENTS: {value!r} is none of off, store")
    days = _number(given, "CDS_STATEMENT_DAYS", DAYS_AFTER, 3650)
    return days if value == "store" else None


def _log(value: str) -> Literal["text", "json"]:
    if value not in {"text", "json"}:
        raise SettingsError(f"CDS_LOG: {value!r} is none of text, json")
    return "json" if value == "json" else "text"


def _traces(value: str) -> bool:
    if value not in {"otlp", "off"}:
        raise SettingsError(f"CDS_TRACES: {value!r} is none of otlp, off")
    if value == "otlp" and find_spec("opentelemetry") is None:
        raise SettingsError(
            "CDS_TRACES: OpenTelemetry is not installed (pip install dupilumab-cds[traces])"
        )
    return value == "otlp"


def _metrics(value: str) -> tuple[Network, ...] | None:
    """The networks that may read `/metrics`; none beside this machine for `local`, None for `off`."""
    if value in {"local", "off"}:
        return () if value == "local" else None
    try:
        return tuple(ip_network(network.strip()) for network in value.split(","))
    except ValueError as error:
        raise SettingsError(
            f"CDS_METRICS: {value!r} is none of local, off, networks such as 10.0.0.0/8,fd00::/8: {error}"
        ) from error


def _demo(given: Mapping[str, str], host: str) -> bool:
    """Whether the demo is served; if nothing is said, where only this machine can call."""
    return _on(given, "CDS_DEMO", "on" if is_loopback(host) else "off")


def _on(given: Mapping[str, str], name: str, default: Literal["on", "off"]) -> bool:
    """Whether a setting is on."""
    value = given.get(name, default)
    if value not in {"on", "off"}:
        raise SettingsError(f"{name}: {value!r} is none of on, off")
    return value == "on"


def _public_url(given: Mapping[str, str], host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    value = given.get("CDS_PUBLIC_URL", f"http://{name}:{port}").rstrip("/")
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise SettingsError(f"CDS_PUBLIC_URL: {value!r} is no URL: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            f"CDS_PUBLIC_URL: {value!r} is no base URL such as https://cds.example.org"
        )
    return value


def read_clients(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The clients file of an environment, if it names one."""
    if not environment.get("CDS_CLIENTS"):
        return None
    path = Path(environment["CDS_CLIENTS"]).resolve()
    if not path.is_file():
        raise SettingsError(f"CDS_CLIENTS: there is no file {path}")
    return path


def _cache(folder: str | None) -> Path | None:
    """The folder of the cache; an empty value turns it off."""
    if folder is None:
        return Path.cwd() / "var" / "cache"
    return Path(folder).resolve() if folder else None


def _content(given: Mapping[str, str]) -> Path:
    if "CDS_CONTENT" in given:
        return documents_folder(Path(given["CDS_CONTENT"]).resolve())
    return shipped_documents()


def shipped_documents() -> Path:
    """The folder with the documents of this package: inside a wheel, or a checkout."""
    shipped = PACKAGE / "_content"
    return documents_folder(shipped if shipped.is_dir() else PACKAGE.parent)


def _shadow(given: Mapping[str, str]) -> Path | Literal["drafts"] | None:
    """The documents that judge in shadow: a folder, or the drafts among those that serve."""
    value = given.get("CDS_SHADOW")
    if value is None:
        return None
    if value == "drafts":
        return "drafts"
    return documents_folder(Path(value).resolve(), "CDS_SHADOW")


def documents_folder(folder: Path, name: str = "CDS_CONTENT") -> Path:
    """The folder itself, if it holds documents; `name` is the setting that names it."""
    missing = [name for name in ("mappings", "cards") if not (folder / name).is_dir()]
    if missing:
        raise SettingsError(f"{name}: {folder} holds no folder {' and no folder '.join(missing)}")
    return folder


def read_as_of(value: str, name: str) -> Literal["today", "order"] | date:
    """`today`, `order`, or a day written YYYY-MM-DD."""
    match value:
        case "today" | "order":
            return value
        case _:
            return _day(value, name)


def _day(value: str, name: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise SettingsError(f"{name}: {value!r} is none of today, order, YYYY-MM-DD") from error
    if day.isoformat() != value:
        raise SettingsError(f"{name}: write {value!r} as {day.isoformat()}")
    return day
