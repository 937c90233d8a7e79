"""The environment in which a capture is made: network namespaces, endpoints, proxies and tcpdump, which all end with it.

No traffic leaves it: `record.py` restarts itself in a network namespace that has nothing but a loopback.
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Recording"))

from programs import NODE_ENVIRONMENT, first_match, output_of  # noqa: E402
from registry import CLIENTS, SERVERS, VERSIONS  # noqa: E402
from tap import wait_for_port  # noqa: E402

NGINX_CONFIGURATION = """
daemon off; user root; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ }}
http {{
    access_log off; server_tokens off;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
    {configuration}
}}
"""
NGINX_UPGRADE = (
    "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
    "proxy_set_header Connection $connection_upgrade; proxy_set_header Host $host;"
)
HAPROXY_CONFIGURATION = """
defaults
    mode http
    timeout connect 2s
    timeout client 5s
    timeout server 5s
    timeout tunnel {tunnel}
frontend front
    bind {bind}
    default_backend back
backend back
    server upstream {upstream}
"""


class Room:
    """Namespaces and processes of one capture, and the description of what was done."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.here = HERE
        self.file = folder / "capture"
        self.reported: list[str] = []
        self.stack = contextlib.AsyncExitStack()
        self.environment = {**NODE_ENVIRONMENT, "SSLKEYLOGFILE": ""}

    async def __aenter__(self) -> "Room":
        return self

    async def __aexit__(self, *failure) -> None:
        await self.stack.aclose()

    def describe(self, words: str) -> None:
        """Adds a paragraph to the note."""
        if words not in self.reported:
            self.reported.append(words)

    async def command(self, *words: str) -> None:
        """Runs a command to its end; it must succeed."""
        process = await asyncio.create_subprocess_exec(*words, stderr=asyncio.subprocess.PIPE)
        _, problem = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)}: {problem.decode()}")

    async def start(self, *words: str, inside: str | None = None, host: str = "127.0.0.1", **pipes):
        """Starts a program that ends with the room."""
        enter = ("ip", "netns", "exec", inside) if inside else ()
        quiet = None if os.environ.get("RECORD_VERBOSE") else asyncio.subprocess.DEVNULL
        pipes = {"stdout": quiet, "stderr": quiet, "stdin": asyncio.subprocess.DEVNULL, **pipes}
        environment = {**self.environment, "RECORD_HOST": host}
        process = await asyncio.create_subprocess_exec(*enter, *words, env=environment, cwd=HERE, **pipes)
        self.stack.push_async_callback(self.end, process)
        return process

    async def end(self, process) -> None:
        """Ends a program that this room started."""
        if process.stdin and process.returncode is None:  # an endpoint exits at the end of its input, and its children with it
            process.stdin.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 8)
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 4)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def serve(self, action: str, port: int, host="127.0.0.1", inside: str | None = None):
        """Starts a server and waits until it is ready."""
        label, name = action.split(":")
        self.describe(f"Server: {VERSIONS[label]()}: {SERVERS[label, name].how.rstrip('.')}.")
        process = await self.start(
            sys.executable, "play.py", "server", action, str(port),
            inside=inside, host=host, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        line = await asyncio.wait_for(process.stdout.readline(), 20)
        if line.strip() != b"ready":
            raise RuntimeError(f"{action} did not start")
        return process

    async def run(self, action: str, url: str, inside: str | None = None, seconds=25.0) -> None:
        """Runs a client to its end."""
        label, name = action.split(":")
        self.describe(f"Client: {VERSIONS[label]()}: {CLIENTS[label, name].how.rstrip('.')}.")
        process = await self.start(sys.executable, "play.py", "client", action, url, inside=inside)
        try:
            await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            await self.end(process)

    async def nginx(self, configuration: str, *ports: int, inside: str | None = None) -> None:
        """Starts nginx and waits for its ports."""
        version = first_match(r"nginx/([0-9.]+)", output_of("nginx", "-v"))
        self.describe(f"Proxy: nginx {version}: {' '.join(configuration.split())}")
        path = self.folder / "nginx.conf"
        path.write_text(NGINX_CONFIGURATION.format(folder=self.folder, configuration=configuration))
        await self.start("nginx", "-p", str(self.folder), "-c", str(path), inside=inside)
        await (asyncio.gather(*(wait_for_port(port) for port in ports)) if not inside else asyncio.sleep(1))

    async def haproxy(self, upstream: str, bind="127.0.0.1:8081", tunnel="10s") -> None:
        """Starts haproxy and waits for its port."""
        version = first_match(r"version ([0-9.]+)", output_of("haproxy", "-v"))
        self.describe(f"Proxy: HAProxy {version}: mode http, bind {bind}, timeout tunnel {tunnel}, server {upstream}.")
        path = self.folder / "haproxy.cfg"
        path.write_text(HAPROXY_CONFIGURATION.format(bind=bind, tunnel=tunnel, upstream=upstream))
        await self.start("haproxy", "-db", "-f", str(path))
        await asyncio.sleep(1)

    @contextlib.asynccontextmanager
    async def capture(
        self, *options: str, interface="lo", inside: str | None = None, only="tcp", settle=0.6
    ):
        """Captures for the duration of the block."""
        words = ["tcpdump", "-i", interface, *options, only]
        version = first_match(r"tcpdump version ([0-9.]+)", output_of("tcpdump", "--version"))
        self.describe(f"Captured with tcpdump {version}: {' '.join(words)}.")
        await asyncio.sleep(0.3)
        process = await self.start(
            *words[:-1], "-Z", "root", "--immediate-mode", "-B", "65536", "-U", "-w", str(self.file), *only.split(),
            inside=inside, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        while True:
            line = await asyncio.wait_for(process.stderr.readline(), 10)
            if b"listening on" in line:
                break
            if not line:
                raise RuntimeError("tcpdump did not start")
        rest = asyncio.ensure_future(process.stderr.read())
        yield
        await asyncio.sleep(settle)
        if process.returncode is None:
            process.send_signal(2)
        await asyncio.wait_for(process.wait(), 10)
        await rest

    async def two_hosts(self, mtu=1500) -> None:
        """Two namespaces, `client` (10.0.0.1, fd00::1) and `server` (10.0.0.2, fd00::2), connected by a cable."""
        await self.namespaces("client", "server")
        await self.cable("client", "server")
        await self.address("client", "eth0", "10.0.0.1/24", "fd00::1/64", mtu)
        await self.address("server", "eth0", "10.0.0.2/24", "fd00::2/64", mtu)

    async def namespaces(self, *names: str) -> None:
        """Makes namespaces that are removed with the room."""
        for name in names:
            await self.command("ip", "netns", "add", name)
            self.stack.push_async_callback(self.command, "ip", "netns", "del", name)
            await self.command("ip", "-n", name, "link", "set", "lo", "up")

    async def cable(self, one: str, other: str, names=("eth0", "eth0")) -> None:
        """A veth pair; packets that leave it are complete, with correct checksums."""
        ends = (names[0], "netns", one, "type", "veth", "peer", "name", names[1], "netns", other)
        await self.command("ip", "link", "add", *ends)
        for inside, name in ((one, names[0]), (other, names[1])):
            words = ("ethtool", "-K", name, "tx", "off", "tso", "off", "gso", "off", "gro", "off")
            quiet = await self.start(*words, inside=inside)
            await quiet.wait()

    async def address(self, inside: str, name: str, four: str, six: str | None = None, mtu=1500) -> None:
        """Gives an interface its addresses."""
        await self.command("ip", "-n", inside, "link", "set", name, "mtu", str(mtu), "up")
        await self.command("ip", "-n", inside, "addr", "add", four, "dev", name)
        if six:
            await self.command("ip", "-n", inside, "addr", "add", six, "dev", name, "nodad")
