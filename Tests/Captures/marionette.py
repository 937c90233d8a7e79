"""Opens a page in Firefox through its Marionette protocol, accepting the certificates of the recording.

python marionette.py PROFILE SECONDS URL
"""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time

PORT = 2828


class Marionette:
    """A connection to Firefox: messages have the form `LENGTH:JSON`."""

    def __init__(self):
        self.socket = None
        for _ in range(100):
            with contextlib.suppress(OSError):
                self.socket = socket.create_connection(("127.0.0.1", PORT))
                break
            time.sleep(0.3)
        self.file = self.socket.makefile("rb")
        self.number = 0
        self.read()

    def read(self):
        """A message."""
        digits = b""
        while (byte := self.file.read(1)) != b":":
            digits += byte
        return json.loads(self.file.read(int(digits)))

    def say(self, command: str, **parameters):
        """Sends a command, and returns its answer."""
        self.number += 1
        text = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        return self.read()


def main() -> None:
    """Opens the page and waits."""
    profile, seconds, url = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    firefox = subprocess.Popen(["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--marionette"])
    try:
        marionette = Marionette()
        marionette.say("WebDriver:NewSession", acceptInsecureCerts=True)
        marionette.say("WebDriver:Navigate", url=url)
        time.sleep(seconds)
    finally:
        firefox.terminate()
        firefox.wait()


if __name__ == "__main__":
    main()
