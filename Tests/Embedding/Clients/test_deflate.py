"""permessage-deflate with real clients: every combination of windows and takeover, in both directions.

The gate has a few combinations with a few messages; `--deflate N` has all 224 of them, with N messages each.
"""

import asyncio
import json
import os
import subprocess
import zlib

import aiohttp
import pytest
import wire
from deflate import Agreement, agreements, messages
from test_node_client import ENVIRONMENT, PROGRAM
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

LARGE = [1 << 20, 16 << 20]
FEW = 40


@pytest.fixture
def count(request) -> int:
    """How many messages each combination has."""
    return request.config.getoption("--deflate") or FEW


def pytest_generate_tests(metafunc):
    """A test for each combination; of the many their number says which it is."""
    if "agreement" in metafunc.fixturenames:
        found = agreements(metafunc.config.getoption("--deflate") > 0)
        metafunc.parametrize("agreement", found, ids=[one.offer.partition("; ")[2] for one in found])


def large(seed: int) -> list[bytes]:
    """Half of each can be compressed."""
    return [os.urandom(size // 2) + bytes([seed & 0xFF]) * (size - size // 2) for size in LARGE]


def compressing(agreement: Agreement) -> ClientPerMessageDeflateFactory:
    """What websockets asks for."""
    return ClientPerMessageDeflateFactory(
        server_no_context_takeover=not agreement.server_takes_over,
        client_no_context_takeover=not agreement.client_takes_over,
        server_max_window_bits=agreement.server_bits,
        client_max_window_bits=agreement.client_bits,
    )


def test_websockets(server, agreement, count, note):
    """Messages in fragments, with pings among them, sent ahead of their echoes."""

    async def run() -> int:
        async with connect(server.url, max_size=None, compression=None, extensions=[compressing(agreement)]) as ws:
            (agreed,) = ws.protocol.extensions
            assert (agreed.local_max_window_bits, agreed.remote_max_window_bits) == (
                agreement.client_bits, agreement.server_bits)  # fmt: skip
            assert (agreed.local_no_context_takeover, agreed.remote_no_context_takeover) == (
                not agreement.client_takes_over, not agreement.server_takes_over)  # fmt: skip

            async def send():
                for said in messages(hash(agreement), count):
                    if len(said.parts) == 1:
                        await ws.send(said.parts[0])
                    else:
                        await ws.send(said.parts)
                    if said.pings:
                        pongs.append(await ws.ping())

            pongs: list = []
            sending = asyncio.ensure_future(send())
            for said in messages(hash(agreement), count):
                assert await ws.recv() == said.whole
            await sending
            await asyncio.gather(*pongs)
            for message in large(hash(agreement)):
                await ws.send(message)
                assert await ws.recv() == message
            return len(pongs)

    asyncio.run(run())


def test_aiohttp(server, agreement, count, monkeypatch):
    """The same; aiohttp sends no fragments. What it offers is given to it, as it lets nobody choose."""
    monkeypatch.setattr("aiohttp.client.ws_ext_gen", lambda **_: agreement.offer)

    async def run():
        async with aiohttp.ClientSession() as session, session.ws_connect(
            server.url, compress=15, max_msg_size=0, autoping=False) as ws:  # fmt: skip
            assert ws.compress == agreement.client_bits
            assert ws.client_notakeover != agreement.client_takes_over
            pings = 0

            async def send():
                for said in messages(hash(agreement), count):
                    whole = said.whole
                    await (ws.send_str(whole) if isinstance(whole, str) else ws.send_bytes(whole))
                    if said.pings:
                        await ws.ping(b"between")

            async def receive():
                nonlocal pings
                while True:
                    answer = await ws.receive()
                    if answer.type != aiohttp.WSMsgType.PONG:
                        assert answer.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), answer
                        return answer.data
                    pings += 1

            sending = asyncio.ensure_future(send())
            for said in messages(hash(agreement), count):
                assert await receive() == said.whole
            await sending
            for message in large(hash(agreement)):
                await ws.send_bytes(message)
                assert await receive() == message

    asyncio.run(run())


def test_node_ws(server, agreement, count):
    """The same with ws: what it does stands in `node_client.mjs`."""
    options = {
        "serverNoContextTakeover": not agreement.server_takes_over,
        "clientNoContextTakeover": not agreement.client_takes_over,
        "serverMaxWindowBits": agreement.server_bits,
        "clientMaxWindowBits": agreement.client_bits,
        "threshold": 0,
    }
    command = ["node", str(PROGRAM), "deflate", server.url, json.dumps(options), str(count)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr


# --- What must be refused ----------------------------------------------------------------------------------------------


def compressed(data: bytes) -> bytes:
    """A message's payload."""
    machine = zlib.compressobj(9, wbits=-15)
    return (machine.compress(data) + machine.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.mark.parametrize(
    ("payload", "code", "reason"),
    [
        (b"\xff\xff", 1007, "invalid-deflate"),  # a reserved block type
        (b"", 1007, "invalid-deflate"),
        (zlib.compress(b"in a wrapper of zlib"), 1007, "invalid-deflate"),
        (compressed(b"cut off in its middle" * 9)[:-3], 1007, "invalid-deflate"),
        (compressed(b"not UTF-8: \xff"), 1007, "text-not-utf8"),
        (compressed(bytes((16 << 20) + 1)), 1009, "message-too-big"),
    ],
)  # fmt: skip
def test_broken(server, payload, code, reason):
    """Broken compressed text on the transport of an open connection: the client sees the rule's code and name."""

    async def run():
        async with connect(server.url) as ws:
            await ws.send("before")
            assert await ws.recv() == "before"
            sent = wire.frame(wire.TEXT, payload)
            ws.transport.write(bytes([sent[0] | 0x40]) + sent[1:])
            with pytest.raises(ConnectionClosed) as closed:
                await ws.recv()
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (code, reason)

    asyncio.run(run())


def test_bombs_cost_no_memory(fresh_server, note):
    """A gigabyte in a megabyte, ten times: none of it is kept beyond the limit."""
    bomb = wire.frame(wire.BINARY, compressed(bytes(1 << 30)))
    bomb = bytes([bomb[0] | 0x40]) + bomb[1:]

    async def run():
        for _ in range(10):
            async with connect(fresh_server.url) as ws:
                ws.transport.write(bomb)
                with pytest.raises(ConnectionClosed) as closed:
                    await ws.recv()
                assert closed.value.rcvd is None or closed.value.rcvd.code == 1009

    before = fresh_server.memory()
    asyncio.run(run())
    grown = fresh_server.memory() - before
    note(f"{fresh_server.name}: ten bombs of 1 GiB left {grown >> 20} MiB more than there were")
    assert grown < 128 << 20
