"""An echo server of Robyn, which is based on Rust's actix: echo_robyn.py PORT"""
import sys

from robyn import Robyn, WebSocketDisconnect

app = Robyn(__file__)


@app.websocket("/")
async def echo(websocket):
    try:
        while True:
            message = await websocket._receive()  # only this distinguishes text from binary
            await (websocket.send_text(message) if isinstance(message, str) else websocket.send_bytes(message))
    except WebSocketDisconnect:
        pass


sys.argv, port = sys.argv[:1], int(sys.argv[1])
app.start(host="127.0.0.1", port=port)
