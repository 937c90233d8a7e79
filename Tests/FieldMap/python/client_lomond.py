"""A client of Lomond that connects repeatedly while somebody listens: client_lomond.py URL"""
import sys

from lomond import WebSocket

while True:
    socket = WebSocket(sys.argv[1], compress=True)
    for event in socket.connect(ping_rate=0):
        if event.name == "text":
            socket.send_text(event.text)
        elif event.name == "binary":
            socket.send_binary(event.data)
        elif event.name == "connect_fail" and "refused" in str(event.reason):
            sys.exit()
