"""Proxies that parse and rewrite WebSocket messages, as gateways do; each has one fault, or none.

Each is a server action that passes requests on to a server at port 8765. Also clients that send enough to be told apart.
"""

import asyncio
import contextlib

from registry import EMOJI, FAREWELL, GREETINGS, client, server
from tap import HOST
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

UPSTREAM = f"ws://{HOST}:8765/"


async def pass_on(source, target, change):
    """Passes on every message of a connection, and then the Close."""
    number = 0
    with contextlib.suppress(ConnectionClosed):
        async for message in source:
            for part in change(number, message):
                await target.send(part)
            number += 1
    await target.close(source.close_code or 1011, source.close_reason or "")


def as_it_is(_number, message):
    """The message unchanged."""
    return [message]


def proxy(name, how, change=as_it_is, front=None, back=None):
    """Registers a proxy; `change` turns a client's message into those that the server gets."""

    async def action(port):
        async def handler(client):
            async with connect(UPSTREAM, compression=back) as upstream:
                await asyncio.gather(pass_on(client, upstream, change), pass_on(upstream, client, as_it_is))

        async with serve(handler, HOST, port, compression=front):
            yield

    action.__name__, action.__doc__ = name, how
    server("python-websockets")(action)


proxy("proxy", "a proxy of serve() and connect() that sends every message on")
proxy(
    "proxy_deflate",
    'a proxy of serve(compression="deflate") and connect(compression=None) that sends every message on',
    front="deflate",
)
proxy(
    "proxy_losing",
    "a proxy of serve() and connect() that loses the client's second message",
    lambda number, message: [] if number == 1 else [message],
)


@client("python-websockets")
async def texts_and_pings(url):
    """connect(compression=None); a text, ping() and its pong, another text, ping() and its pong; close(1000)."""
    async with connect(url, compression=None) as ws:
        for text in (GREETINGS, EMOJI):
            await ws.send(text)
            await ws.recv()
            await (await ws.ping(b"are you there?"))


@client("python-websockets")
async def four_texts(url):
    """connect(compression=None); send() of four texts, 50 ms apart, and nothing read; close(1000)."""
    async with connect(url, compression=None) as ws:
        for text in (GREETINGS, EMOJI, FAREWELL, GREETINGS * 2):
            await ws.send(text)
            await asyncio.sleep(0.05)
