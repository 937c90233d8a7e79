"""A client of Autobahn that connects repeatedly while somebody listens: client_autobahn.py URL"""
import asyncio
import sys
from urllib.parse import urlsplit

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateResponse, PerMessageDeflateResponseAccept


class Echo(WebSocketClientProtocol):
    def onMessage(self, payload, isBinary):
        self.sendMessage(payload, isBinary)

    def onClose(self, wasClean, code, reason):
        self.factory.over.set_result(None)


def accept(response):
    return PerMessageDeflateResponseAccept(response) if isinstance(response, PerMessageDeflateResponse) else None


async def main():
    address = urlsplit(sys.argv[1])
    while True:
        factory = WebSocketClientFactory(sys.argv[1])
        factory.protocol = Echo
        factory.setProtocolOptions(perMessageCompressionOffers=[PerMessageDeflateOffer()], perMessageCompressionAccept=accept)
        factory.over = asyncio.get_running_loop().create_future()
        try:
            await asyncio.get_running_loop().create_connection(factory, address.hostname, address.port)
        except ConnectionRefusedError:
            return
        await factory.over


asyncio.run(main())
