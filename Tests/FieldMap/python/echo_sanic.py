"""An echo server of Sanic: echo_sanic.py PORT"""
import sys

from sanic import Sanic

app = Sanic("echo")
app.config.WEBSOCKET_MAX_SIZE = 1 << 26


@app.websocket("/")
async def echo(request, socket):
    async for message in socket:
        await socket.send(message)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), single_process=True, access_log=False, motd=False)
