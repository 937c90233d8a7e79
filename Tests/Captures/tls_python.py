"""Conversations over TLS with Python `websockets`, or with libcurl by curl_cffi.

python tls_python.py websockets|curl PORT VERSION:SUITE[:again],…
python tls_python.py serve PORT VERSION:SUITE,… CERTIFICATES

Consecutive ports, one per suite; with `again` the previous session is resumed on its port. Suites that cannot be
negotiated are skipped. `serve` echoes every message. Key logs are written to SSLKEYLOGFILE.
"""

import asyncio
import contextlib
import os
import socket
import ssl
import sys
import time

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
TEXT = "hello through TLS"


def websockets_talk(port: int, version: str, suite: str, before: ssl.SSLSocket | None) -> ssl.SSLSocket:
    """One conversation; a session is resumed in the context that it comes from."""
    from websockets.sync.client import connect

    context = before.context if before else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = VERSIONS[version]
    context.keylog_filename = os.environ["SSLKEYLOGFILE"]
    if version == "1.2":
        context.set_ciphers(f"{suite}:@SECLEVEL=0")
    plain = socket.create_connection(("127.0.0.1", port))
    secured = context.wrap_socket(plain, session=before.session if before else None)
    with connect(f"ws://127.0.0.1:{port}/", sock=secured, compression=None, close_timeout=0.5) as ws:
        ws.send(TEXT)
        ws.recv()
    return secured


def curl_talk(port: int, version: str, suite: str, before) -> None:
    """One conversation; libcurl does not expose its sessions."""
    from curl_cffi import CurlOpt, CurlWsFlag, Session

    session = before or Session(verify=False)
    number = {"1.2": 6, "1.3": 7}[version]
    options = {CurlOpt.SSLVERSION: number | number << 16}
    if version == "1.2":
        options[CurlOpt.SSL_CIPHER_LIST] = suite
    ws = session.ws_connect(f"wss://127.0.0.1:{port}/", verify=False, curl_options=options)
    ws.send_str(TEXT)
    ws.recv()
    ws.send(b"\x03\xe8", CurlWsFlag.CLOSE)
    with contextlib.suppress(Exception):
        ws.recv()
    ws.close()
    return session


async def serve(port: int, suites: list[str], folder: str) -> None:
    """Serves on each port until the process is killed."""
    from websockets.asyncio.server import serve as listen

    async def echo(ws) -> None:
        async for message in ws:
            await ws.send(message)

    for words in suites:
        version, suite = words.split(":")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = VERSIONS[version]
        context.keylog_filename = os.environ["SSLKEYLOGFILE"] or None
        context.set_ciphers(f"{suite if version == '1.2' else 'ALL'}:@SECLEVEL=0")
        context.load_dh_params(f"{folder}/dh.pem")
        for kind in ("ec", "rsa"):
            context.load_cert_chain(f"{folder}/{kind}.pem", f"{folder}/{kind}-key.pem")
        await listen(echo, "127.0.0.1", port, ssl=context, compression=None)
        port += 1
    await asyncio.get_running_loop().create_future()


def main() -> None:
    """Runs all conversations."""
    program, port, suites = sys.argv[1], int(sys.argv[2]) - 1, sys.argv[3].split(",")
    if program == "serve":
        asyncio.run(serve(port + 1, suites, sys.argv[4]))
    talk = {"websockets": websockets_talk, "curl": curl_talk}[program]
    before = None
    for words in suites:
        version, suite, *again = words.split(":")
        port += 0 if again else 1
        try:
            before = talk(port, version, suite, before if again else None)
        except Exception:  # noqa: BLE001 -- each library has its own exception for a failed handshake
            before = None
        time.sleep(0.1)


if __name__ == "__main__":
    main()
