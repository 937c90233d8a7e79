"""Conversations through nginx and HAProxy, captured on both sides of the proxy, upstream first."""

from notes import Known, Talk
from registry_of_captures import capture
from room import NGINX_UPGRADE

UPSTREAM = "127.0.0.1:8765"


def nginx(location: str, listen="127.0.0.1:8080") -> str:
    """An nginx server block that passes everything on."""
    return f"server {{ listen {listen}; location / {{ {location} }} }}"


PASS = f"proxy_pass http://{UPSTREAM}; {NGINX_UPGRADE}"
BOTH = [Talk(), Talk()]


@capture("proxies/nginx.echo", Known(BOTH))
async def nginx_echo(room):
    """Through nginx, nothing wrong."""
    await room.serve("node-ws:echo", 8765)
    await room.nginx(nginx(PASS), 8080)
    async with room.capture():
        await room.run("python-websockets:echo", "ws://127.0.0.1:8080/")


@capture("proxies/nginx.deflate.ipv6-sll2", Known(BOTH))
async def nginx_deflate(room):
    """Through nginx, permessage-deflate agreed end to end; IPv6 before it, IPv4 after it; SLL2 from -i any."""
    await room.serve("tornado:echo_deflate", 8765)
    await room.nginx(nginx(PASS, "[::1]:8080"))
    async with room.capture(interface="any"):
        await room.run("aiohttp:echo_deflate", "ws://[::1]:8080/")


@capture(
    "proxies/nginx.deflate-stripped",
    Known([Talk(None, None), Talk(None, "violation:reserved-bits", ["hops-differ"])]),
)
async def nginx_deflate_stripped(room):
    """The server agrees to permessage-deflate and nginx takes that out of its response: it compresses all the same."""
    await room.serve("tornado:echo_deflate", 8765)
    await room.nginx(nginx(f"{PASS} proxy_hide_header Sec-WebSocket-Extensions;"), 8080)
    async with room.capture():
        await room.run("aiohttp:echo_deflate", "ws://127.0.0.1:8080/", seconds=6)


@capture("proxies/nginx.first-frame-behind-101", Known([Talk(None), Talk(None)]))
async def nginx_first_frame(room):
    """The server sends its first frames with the 101 response; how nginx hands them on is in the capture."""
    await room.serve("raw-server:frame_behind_101", 8765)
    await room.nginx(nginx(PASS), 8080)
    async with room.capture():
        await room.run("raw-client:listens", "ws://127.0.0.1:8080/")


@capture("proxies/nginx.502", Known([Talk(refused=502)]))
async def nginx_502(room):
    """The upstream is not there: nginx answers the upgrade with 502."""
    await room.nginx(nginx(PASS), 8080)
    async with room.capture():
        await room.run("node-ws:listen", "ws://127.0.0.1:8080/", seconds=3)


@capture("proxies/nginx.403", Known([Talk(refused=403)]))
async def nginx_403(room):
    """nginx denies the path."""
    await room.nginx(nginx("deny all;"), 8080)
    async with room.capture():
        await room.run("python-websockets:refused", "ws://127.0.0.1:8080/")


@capture(
    "proxies/nginx.upgrade-not-passed",
    Known([Talk(refused=426, notices=["missing-upgrade"]), Talk(refused=426, notices=["hops-differ"])]),
)
async def nginx_no_upgrade(room):
    """nginx without the Upgrade headers in its configuration: the server is asked without them, and refuses."""
    await room.serve("node-ws:echo", 8765)
    await room.nginx(nginx(f"proxy_pass http://{UPSTREAM}; proxy_http_version 1.1;"), 8080)
    async with room.capture():
        await room.run("python-websockets:refused", "ws://127.0.0.1:8080/")


@capture("proxies/nginx.read-timeout", Known([Talk(notices=["no-close"]), Talk(notices=["no-close"])]))
async def nginx_timeout(room):
    """nginx ends an idle tunnel after its proxy_read_timeout: neither side has sent a Close."""
    await room.serve("raw-server:echo", 8765)
    await room.nginx(nginx(f"{PASS} proxy_read_timeout 1s;"), 8080)
    async with room.capture():
        await room.run("python-websockets:idle", "ws://127.0.0.1:8080/")


@capture(
    "proxies/nginx.upstream-killed",
    Known([Talk("complete", "incomplete-frame", ["reset-in-frame"]), Talk("complete", "incomplete-frame", ["end-in-frame"])]),
)
async def nginx_killed(room):
    """The upstream is killed in the middle of a frame; what nginx makes of it is in the capture."""
    await room.serve("raw-server:killed_in_frame", 8765)
    await room.nginx(nginx(PASS), 8080)
    async with room.capture():
        await room.run("raw-client:listens", "ws://127.0.0.1:8080/")


@capture("proxies/haproxy.echo.sll", Known(BOTH))
async def haproxy_echo(room):
    """Through HAProxy, nothing wrong; SLL from -i any."""
    await room.serve("python-websockets:echo", 8765)
    await room.haproxy(UPSTREAM)
    async with room.capture("-y", "LINUX_SLL", interface="any"):
        await room.run("node-ws:echo", "ws://127.0.0.1:8081/")


@capture("proxies/haproxy.timeout-tunnel", Known([Talk(notices=["no-close"]), Talk(notices=["no-close"])]))
async def haproxy_timeout(room):
    """HAProxy ends an idle tunnel after its timeout: neither side has sent a Close."""
    await room.serve("node-ws:echo", 8765)
    await room.haproxy(UPSTREAM, tunnel="1s")
    async with room.capture():
        await room.run("python-websockets:idle", "ws://127.0.0.1:8081/")


@capture("proxies/haproxy.503", Known([Talk(refused=503)]))
async def haproxy_503(room):
    """The upstream is not there: HAProxy answers the upgrade with 503."""
    await room.haproxy(UPSTREAM)
    async with room.capture():
        await room.run("python-websockets:refused", "ws://127.0.0.1:8081/")


@capture(
    "proxies/haproxy.violation",
    Known([Talk("violation:unmasked-client-frame"), Talk("violation:unmasked-client-frame")]),
)
async def haproxy_violation(room):
    """A client that does not mask, through HAProxy: the same violation on both sides, answered by the server."""
    await room.serve("node-ws:echo", 8765)
    await room.haproxy(UPSTREAM)
    async with room.capture():
        await room.run("python-websocket-client:unmasked", "ws://127.0.0.1:8081/")


@capture("proxies/haproxy-nginx.proxy-protocol", Known([Talk(), Talk(), Talk()]))
async def proxy_protocol(room):
    """HAProxy before nginx, which it tells the client's address in a PROXY line before the request."""
    await room.serve("node-ws:echo", 8765)
    await room.nginx(nginx(PASS, "127.0.0.1:8080 proxy_protocol"))
    await room.haproxy("127.0.0.1:8080 send-proxy")
    async with room.capture():
        await room.run("python-websockets:echo", "ws://127.0.0.1:8081/")


@capture("proxies/haproxy.proxy-protocol-unexpected", Known([Talk(refused=400), Talk(refused=400)]))
async def proxy_protocol_unexpected(room):
    """HAProxy speaks the PROXY protocol (version 2) to a server that does not know of it."""
    await room.serve("aiohttp:echo", 8765)
    await room.haproxy(f"{UPSTREAM} send-proxy-v2")
    async with room.capture():
        await room.run("python-websockets:refused", "ws://127.0.0.1:8081/")


@capture("proxies/nginx.two-hosts", Known(BOTH), keep="pcapng")
async def nginx_two_hosts(room):
    """A client on another host, nginx and the server on one: two interfaces in one pcapng file."""
    from packets import without_machine

    await room.two_hosts()
    await room.serve("aiohttp:greets", 8765, inside="server")
    await room.nginx(nginx(PASS, "10.0.0.2:8080"), inside="server")
    room.describe("Two network namespaces; captured at the server with dumpcap -i eth0 -i lo; options stripped.")
    whole = room.folder / "whole"
    process = await room.start(
        "dumpcap", "-q", "-i", "eth0", "-i", "lo", "-f", "tcp", "-w", str(whole), inside="server"
    )
    import asyncio

    await asyncio.sleep(2)
    await room.run("wsproto:talk", "ws://10.0.0.2:8080/", inside="client")
    await asyncio.sleep(1)
    process.send_signal(2)
    await process.wait()
    room.file.write_bytes(without_machine(whole.read_bytes()))
