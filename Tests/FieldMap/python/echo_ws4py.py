"""An echo server of ws4py: echo_ws4py.py PORT"""
import sys

from gevent import monkey

monkey.patch_all()

from ws4py.server.geventserver import WSGIServer
from ws4py.server.wsgiutils import WebSocketWSGIApplication
from ws4py.websocket import EchoWebSocket

WSGIServer(("127.0.0.1", int(sys.argv[1])), WebSocketWSGIApplication(handler_cls=EchoWebSocket), log=None).serve_forever()
