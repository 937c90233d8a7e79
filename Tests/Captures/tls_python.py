"""Conversations over TLS with Python `websockets`, or with libcurl by curl_cffi.

python tls_python.py websockets|curl PORT VERSION:SUITE[:again],…

The ports follow each other, one for each suite; with `again` the session of the one before is resumed on its port. Key
logs go to SSLKEYLOGFILE.
"""

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
    with connect(f"ws://127.0.0.1:{port}/", sock=secured, compression=None) as ws:
        ws.send(TEXT)
        ws.recv()
    return secured


def curl_talk(port: int, version: str, suite: str, before) -> None:
    """One conversation; libcurl keeps its sessions to itself."""
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


def main() -> None:
    """Have all conversations."""
    program, port, suites = sys.argv[1], int(sys.argv[2]) - 1, sys.argv[3].split(",")
    talk = {"websockets": websockets_talk, "curl": curl_talk}[program]
    before = None
    for words in suites:
        version, suite, *again = words.split(":")
        port += 0 if again else 1
        before = talk(port, version, suite, before if again else None)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
