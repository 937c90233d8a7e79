"""An echo server of socketify, which is based on uWebSockets: echo_socketify.py PORT"""
import sys

from socketify import App, AppListenOptions, CompressOptions

app = App()
app.ws("/*", {
    "compression": CompressOptions.SHARED_COMPRESSOR,
    "max_payload_length": 1 << 26,
    "idle_timeout": 120,
    "message": lambda socket, message, opcode: socket.send(message, opcode),
})
app.listen(AppListenOptions(port=int(sys.argv[1]), host="127.0.0.1"), lambda config: None)
app.run()
