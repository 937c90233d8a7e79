"""Captures with various link layers."""

from notes import Known, Talk
from registry_of_captures import capture


@capture("links/ethernet", Known([Talk()]))
async def ethernet(room):
    """Two hosts on an Ethernet."""
    await two_hosts(room, "ws://10.0.0.2:8765/", "10.0.0.2")


@capture("links/ethernet.ipv6", Known([Talk()]))
async def ethernet_ipv6(room):
    """Two hosts on an Ethernet, IPv6."""
    await two_hosts(room, "ws://[fd00::2]:8765/", "fd00::2")


@capture("links/sll2", Known([Talk()]))
async def sll2(room):
    """Two hosts on an Ethernet; -i any at the client: SLL2, ARP beside TCP."""
    await two_hosts(room, "ws://10.0.0.2:8765/", "10.0.0.2", interface="any", only="tcp or arp")


@capture("links/sll.ipv6", Known([Talk()]))
async def sll(room):
    """Two hosts on an Ethernet, IPv6; -i any -y LINUX_SLL at the client: SLL, neighbour discovery beside TCP."""
    await two_hosts(room, "ws://[fd00::2]:8765/", "fd00::2", "-y", "LINUX_SLL", interface="any", only="tcp or icmp6")


async def two_hosts(room, url: str, host: str, *options, interface="eth0", only="tcp") -> None:
    """Records a conversation between two hosts, at the client."""
    room.describe("Two network namespaces, joined by a veth pair; captured at the client.")
    await room.two_hosts()
    await room.serve("aiohttp:greets", 8765, host=host, inside="server")
    async with room.capture(*options, interface=interface, only=only, inside="client"):
        await room.run("python-websockets:send_three", url, inside="client")
