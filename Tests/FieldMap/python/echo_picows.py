"""An echo server of picows: echo_picows.py PORT"""
import asyncio
import sys

from picows import WSListener, WSMsgType, ws_create_server


class Echo(WSListener):
    def __init__(self):
        self.parts = []
        self.kind = None

    def on_ws_frame(self, transport, frame):
        if frame.msg_type == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            code = frame.get_close_code() if frame.get_payload_as_bytes() else None
            transport.send_close(code, frame.get_close_message())
            transport.disconnect()
        elif frame.msg_type in (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION):
            if frame.msg_type != WSMsgType.CONTINUATION:
                self.kind = frame.msg_type
            self.parts.append(frame.get_payload_as_bytes())
            if frame.fin:
                transport.send(self.kind, b"".join(self.parts))
                self.parts = []


async def main():
    server = await ws_create_server(
        lambda request: Echo(), "127.0.0.1", int(sys.argv[1]), max_frame_size=1 << 26)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
