#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-only
"""Servers and routers that misbehave on demand, on one interface.

Everything goes through one packet socket, so that any field can be wrong. Each message
of the client is one line of the log. What cannot be done with dnsmasq or radvd is here,
and leases of a few seconds.
"""
import argparse
import ipaddress
import os
import socket
import struct
import sys

TYPES4 = {1: "DISCOVER", 3: "REQUEST", 4: "DECLINE", 7: "RELEASE"}
TYPES6 = {1: "SOLICIT", 3: "REQUEST", 5: "RENEW", 6: "REBIND", 8: "RELEASE", 9: "DECLINE", 11: "INFORMATION"}

arg = argparse.ArgumentParser()
arg.add_argument("interface")
arg.add_argument("--log", required=True)
arg.add_argument("--offer", default="", help="IPv4 addresses, the next one after a DECLINE")
arg.add_argument("--server", default="10.9.0.1")
arg.add_argument("--lease", type=int, default=600)
arg.add_argument("--options", default="0104ffffff00", help="of DHCPv4, hexadecimal")
arg.add_argument("--nak", type=int, default=0, help="so many requests are refused")
arg.add_argument("--nak-renewal", action="store_true")
arg.add_argument("--mute-unicast", action="store_true", help="renewals are not answered")
arg.add_argument("--mute-bound", action="store_true", help="nothing after the first ACK")
arg.add_argument("--garbage", action="store_true", help="malformed replies before each")
arg.add_argument("--ra", action="append", default=[],
                 help="HOPS,SOURCE,FLAGS,LIFETIME,OPTIONS: sent when a router is asked for")
arg.add_argument("--advertise", action="store_true", help="these are sent at once, too")
arg.add_argument("--address6", default="", help="given by DHCPv6")
arg.add_argument("--prefix6", default="", help="delegated")
arg.add_argument("--times6", default="100,200,50,80", help="preferred,valid,T1,T2")
arg.add_argument("--dns6", default="fd00::53")
arg.add_argument("--mute-bound6", action="store_true", help="nothing after a lease")
arg = arg.parse_args()

sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
sock.bind((arg.interface, 0))
mac = sock.getsockname()[4]
log_file = open(arg.log, "w", buffering=1)
state = {"declined": 0, "naks": arg.nak, "bound": False, "bound6": False}


def log(*words):
    print(*words, file=log_file)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    n = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while n >> 16:
        n = (n & 0xffff) + (n >> 16)
    return ~n & 0xffff


def ip4(text):
    return ipaddress.IPv4Address(text).packed


def ip6(text):
    return ipaddress.IPv6Address(text).packed


def link_local():
    return ip6("fe80::")[:8] + bytes([mac[0] ^ 2]) + mac[1:3] + b"\xff\xfe" + mac[3:]


def send4(payload, dest, to):
    udp = struct.pack(">HHHH", 67, 68, 8 + len(payload), 0) + payload
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                       ip4(arg.server), dest)
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    sock.send(to + mac + b"\x08\x00" + head + udp)


def send6(protocol, payload, at, source, dest, to, hops):
    pseudo = source + dest + struct.pack(">II", len(payload), protocol)
    n = checksum(pseudo + payload) or 0xffff
    payload = payload[:at] + struct.pack(">H", n) + payload[at + 2:]
    head = struct.pack(">IHBB", 0x60000000, len(payload), protocol, hops) + source + dest
    sock.send(to + mac + b"\x86\xdd" + head + payload)


def options4(data):
    found, at = {}, 240
    while at + 1 < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        found[data[at]] = data[at + 2:at + 2 + data[at + 1]]
        at += 2 + data[at + 1]
    return found


def reply4(request, kind, address, options):
    m = bytearray(240)
    m[0:3] = b"\x02\x01\x06"
    m[4:8] = request[4:8]
    m[16:20] = address
    m[28:34] = request[28:34]
    m[236:240] = b"\x63\x82\x53\x63"
    return bytes(m) + bytes([53, 1, kind]) + options + b"\xff"


def malformed(good):
    """The same reply with each option's length too great, cut, and for others."""
    at = 243
    while at + 1 < len(good) and good[at] != 255:
        yield good[:at + 1] + b"\xff" + good[at + 2:]
        at += 2 + good[at + 1]
    for size in (0, 1, 100, 239, 240, 245):
        yield good[:size]
    for place in (0, 4, 33, 236):
        yield good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1:]


def malformed6(good, at, head, unit):
    """The same with each option's length wrong, and cut; head and unit: of options' lengths."""
    start = at
    while at + head <= len(good):
        if head == 4:
            size = 4 + struct.unpack(">H", good[at + 2:at + 4])[0]
            wrong = [b"\xff\xff", b"\0\0", struct.pack(">H", size - 3)]
        else:
            size = good[at + 1] * unit
            wrong = [b"\xff", b"\0"]
        for w in wrong:
            yield good[:at + head // 2] + w + good[at + head:]
        at += size
    for size in (0, 1, 3, start - 1, start + 1, len(good) - 1):
        yield good[:size]


def dhcp4(frame, ip):
    data = ip[28:]
    found = options4(data)
    kind = found.get(53, b"\0")[0]
    ciaddr, dest = data[12:16], ip[16:20]
    broadcast = dest == b"\xff" * 4
    offers = arg.offer.split(",")
    address = ip4(offers[min(state["declined"], len(offers) - 1)])
    log("dhcp4", TYPES4.get(kind, kind), "ciaddr=" + socket.inet_ntoa(ciaddr),
        "to=" + socket.inet_ntoa(dest), "xid=" + data[4:8].hex(),
        "source=" + socket.inet_ntoa(ip[12:16]),
        "requested=" + (socket.inet_ntoa(found[50]) if 50 in found else "-"),
        "hostname=" + found.get(12, b"-").decode())
    if kind == 4:
        state["declined"] += 1
        return
    if kind == 7:
        return
    renewal = ciaddr != b"\0" * 4
    if arg.mute_bound and state["bound"] or arg.mute_unicast and not broadcast:
        return
    fixed = bytes([54, 4]) + ip4(arg.server)
    lease = fixed + bytes([51, 4]) + struct.pack(">I", arg.lease) + bytes.fromhex(arg.options)
    if kind == 1:
        answer = reply4(data, 2, address, lease)
    elif state["naks"] > 0 or renewal and arg.nak_renewal:
        state["naks"] -= 1
        answer = reply4(data, 6, b"\0" * 4, fixed)
    else:
        answer = reply4(data, 5, address, lease)
        state["bound"] = True
    dest = ciaddr if renewal else b"\xff" * 4
    if arg.garbage:
        for bad in malformed(answer):
            send4(bad, dest, frame[6:12])
    send4(answer, dest, frame[6:12])


def advertise():
    for text in arg.ra:
        hops, source, flags, lifetime, options = text.split(",")
        source = link_local() if source == "own" else ip6(source)
        m = struct.pack(">BBHBBH", 134, 0, 0, 64, int(flags, 16), int(lifetime)) + bytes(8)
        m += bytes.fromhex(options)
        messages = [m]
        if arg.garbage:
            messages = [b for b in malformed6(m, 16, 2, 8) if len(b) > 3] + messages
        for m in messages:
            send6(58, m, 2, source, ip6("ff02::1"), b"\x33\x33\0\0\0\1", int(hops))


def router(ip):
    log("router solicited from", ipaddress.IPv6Address(ip[8:24]))
    advertise()


def options6(data):
    found, at = [], 0
    while at + 4 <= len(data):
        kind, size = struct.unpack(">HH", data[at:at + 4])
        found.append((kind, data[at + 4:at + 4 + size]))
        at += 4 + size
    return found


def option6(kind, value):
    return struct.pack(">HH", kind, len(value)) + value


def association(kind, value):
    preferred, valid, t1, t2 = map(int, arg.times6.split(","))
    head = value[:4] + struct.pack(">II", t1, t2)
    if kind == 3 and arg.address6:
        inner = option6(5, ip6(arg.address6) + struct.pack(">II", preferred, valid))
    elif kind == 25 and arg.prefix6:
        net = ipaddress.IPv6Network(arg.prefix6)
        inner = option6(26, struct.pack(">IIB", preferred, valid, net.prefixlen)
                        + net.network_address.packed)
    else:
        inner = option6(13, b"\0\2")
    return option6(kind, head + inner)


def dhcp6(frame, ip):
    data = ip[48:]
    found = options6(data[4:])
    kind = data[0]
    log("dhcp6", TYPES6.get(kind, kind), "xid=" + data[1:4].hex(),
        "options=" + ",".join(str(k) for k, _ in found))
    if arg.mute_bound6 and state["bound6"]:
        return
    state["bound6"] = kind == 3
    body = b""
    for k, value in found:
        if k == 1:
            body += option6(1, value)
        elif k in (3, 25) and kind != 9:
            body += association(k, value)
    body += option6(2, b"\0\3\0\1" + mac) + option6(23, ip6(arg.dns6)) + option6(7, b"\xff")
    m = bytes([2 if kind == 1 else 7]) + data[1:4] + body
    messages = list(malformed6(m, 4, 4, 1)) + [m] if arg.garbage else [m]
    for m in messages:
        udp = struct.pack(">HHHH", 547, 546, 8 + len(m), 0) + m
        send6(17, udp, 6, link_local(), ip[8:24], frame[6:12], 255)


def main():
    log("ready")
    if arg.advertise:
        advertise()
    while True:
        frame, where = sock.recvfrom(2048)
        if where[2] == socket.PACKET_OUTGOING:
            continue
        ip = frame[14:]
        kind = frame[12:14]
        if kind == b"\x08\x00" and len(ip) > 268 and ip[9] == 17 and ip[22:24] == b"\0\x43":
            if arg.offer:
                dhcp4(frame, ip)
        elif kind == b"\x86\xdd" and ip[6] == 58 and ip[40] == 133:
            router(ip)
        elif kind == b"\x86\xdd" and ip[6] == 17 and ip[42:44] == b"\x02\x23":
            dhcp6(frame, ip)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(os.EX_OK)
