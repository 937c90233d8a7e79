"""An echo server of Tornado: echo_tornado.py PORT"""
import asyncio
import sys

from tornado import web, websocket


class Echo(websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message(message, binary=isinstance(message, bytes))

    def check_origin(self, origin):
        return True

    def get_compression_options(self):
        return {}


async def main():
    application = web.Application([("/", Echo)], websocket_max_message_size=1 << 26)
    application.listen(int(sys.argv[1]), "127.0.0.1")
    await asyncio.Future()


asyncio.run(main())
