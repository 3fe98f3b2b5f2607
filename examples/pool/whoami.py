#!/usr/bin/env python3
"""Tells each client who it is and how many were here before it: under any inetd, with a listening socket, or in a pool.

docs/how-to/write-a-handler-that-lives-on.md is about this file.
"""

import os
import select
import socket
import sys

IDLE_SECONDS = 60
MOST_BYTES = 4096  # of the variables of one connection

clients = 0


def serve(connection, environment):
    """One client. The line fits into what the kernel buffers, so that a slow one does not make the others wait."""
    global clients
    clients += 1
    who = environment.get("REMOTE_ADDR")
    if who is None and connection.family in (socket.AF_INET, socket.AF_INET6):
        who = connection.getpeername()[0]
    line = f"You are {who or 'of this machine'}, client {clients} of process {os.getpid()}\n"
    connection.sendall(line.encode())


def serve_listener(listener):
    """Accepts until nobody has come for a while: zinetd starts this program again for the next one."""
    while select.select([listener], [], [], IDLE_SECONDS)[0]:
        try:
            with listener.accept()[0] as connection:
                serve(connection, {})
        except OSError as error:
            print("whoami:", error, file=sys.stderr, flush=True)


def variables_of(payload):
    """NAME=value, each with a NUL behind it."""
    pairs = (entry.split("=", 1) for entry in payload.decode(errors="replace").split("\0"))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def serve_pool(channel):
    """One packet for each connection; one back when it is done. No packet any more: there is nothing left to do."""
    while True:
        payload, descriptors, _, _ = socket.recv_fds(channel, MOST_BYTES, 1)
        if not payload:
            return
        environment = variables_of(payload)
        status = 0
        try:
            with socket.socket(fileno=descriptors[0]) as connection:
                serve(connection, environment)
        except (OSError, IndexError) as error:
            print("whoami:", error, file=sys.stderr, flush=True)
            status = 1
        channel.send(bytes([status]) + environment["ZINETD_CONNECTION_ID"].encode())


def main():
    is_listed = os.environ.get("LISTEN_PID") == str(os.getpid())
    given = socket.socket(fileno=3 if is_listed else 0)
    if is_listed and os.environ.get("LISTEN_FDNAMES") == "pool":
        serve_pool(given)
    elif given.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        serve_listener(given)
    else:
        serve(given, os.environ)


if __name__ == "__main__":
    main()
