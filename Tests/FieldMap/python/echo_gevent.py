"""An echo server of gevent-websocket: echo_gevent.py PORT"""
import sys

from gevent.pywsgi import WSGIServer
from geventwebsocket.exceptions import WebSocketError
from geventwebsocket.handler import WebSocketHandler


def echo(environ, start_response):
    socket = environ.get("wsgi.websocket")
    if socket is None:
        start_response("400 Bad Request", [])
        return []
    try:
        while (message := socket.receive()) is not None:
            socket.send(message, binary=isinstance(message, (bytes, bytearray)))
    except WebSocketError:
        pass
    return []


WSGIServer(("127.0.0.1", int(sys.argv[1])), echo, handler_class=WebSocketHandler, log=None).serve_forever()
