"""Addresses that a command may listen on."""

import ipaddress


def own_machine(host: str) -> bool:
    """Whether only this machine can reach what listens there.

    >>> own_machine("127.0.0.1"), own_machine("::1"), own_machine("localhost"), own_machine("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
