"""Scripts for chains of requests."""

from collections.abc import Iterable

from multidict import CIMultiDict

from .scripted import Fields, Script, ScriptedConnector, ScriptedExchange, answer

__all__ = ["chain", "redirect", "sent"]


def redirect(location: str, status: int = 302, *, fields: Fields = ()) -> Script:
    """Script a redirect that has come whole."""
    return answer(b"moved", status=status, fields=[("Location", location), *fields])


def chain(*scripts: Script) -> Script:
    """Script one answer after the other; the last one again and again."""
    left = list(scripts)

    async def script(exchange: ScriptedExchange) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(exchange)

    return script


def sent(connector: ScriptedConnector, name: str) -> list[str | None]:
    """Give the field *name* of each request that was sent."""
    return [one_line(exchange.request.headers.getall(name, [])) for exchange in connector.exchanges]


def one_line(values: Iterable[str]) -> str | None:
    """Give several lines of a field as one; ``None`` if there is none."""
    return ", ".join(values) or None


def section(exchange: ScriptedExchange) -> CIMultiDict[str]:
    """Give the fields of a request but for those that each has."""
    fields = CIMultiDict(exchange.request.headers)
    for name in ("Host", "Accept", "Accept-Encoding", "User-Agent"):
        fields.popall(name, None)
    return fields
