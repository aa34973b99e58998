"""Requests that are too large are refused before they fill the disk; Django would keep the whole of each one there."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from backend.config.problems import PROBLEM_TYPE, Problem, problem_body

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class LimitedBodies:
    """An ASGI application that answers 413 to a request of more than `limit` bytes, announced or not."""

    def __init__(self, application: Application, limit: int) -> None:
        self._application = application
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._application(scope, receive, send)
        if _announced(scope) > self._limit:
            return await _refuse(send, self._limit)
        return await self._application(scope, _counted(receive, self._limit), send)


def _announced(scope: Scope) -> int:
    """Content-Length; 0 where there is none, as of chunked bodies."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _counted(receive: Receive, limit: int) -> Receive:
    """`receive` that ends the connection once the body is larger: nobody honest sends that without announcing it."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > limit else message

    return counting


async def _refuse(send: Send, limit: int) -> None:
    detail = f"A request may have {limit >> 20} MiB here; send a file in several pieces."
    body = json.dumps(problem_body(Problem("request-too-large", detail, status=413))).encode()
    headers = [(b"content-type", PROBLEM_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
