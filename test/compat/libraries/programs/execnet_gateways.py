"""execnet: two gateways, each of which answers what it is sent."""

import execnet

import probe

if __name__ == "__main__":
    group = execnet.Group(["popen", "popen"])
    for gateway in group:
        channel = gateway.remote_exec("channel.send(channel.receive() + 1)")
        channel.send(41)
        print(gateway.id, channel.receive())
        channel.waitclose()
    group.terminate()
    probe.tell()
