"""A trial of two processes, started as torchrun starts its own: a trial of gang.json.

Each member estimates pi from points of its own, and they meet at MASTER_ADDR:MASTER_PORT to average
what they found. In PyTorch, torch.distributed.init_process_group("gloo") reads the same variables
and does what the sockets do here. SIGTERM just ends a member: rank 0 saves after every epoch.
"""

import json
import math
import os
import random
import socket
import sys
import time

EPOCHS = 5
points = int(sys.argv[1])

rank, world = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
place = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
state_file = os.path.join(os.environ["GLIMPSE_RUN_DIR"], "estimates.json")


def meet():
    """Lines from and to every other member for rank 0, from and to rank 0 for the others."""
    if rank == 0:
        with socket.create_server(place) as server:
            return [server.accept()[0].makefile("rw") for _ in range(world - 1)]
    while True:
        try:
            return [socket.create_connection(place).makefile("rw")]
        except ConnectionRefusedError:
            time.sleep(0.05)  # rank 0 is not there yet


def hear(peer):
    line = peer.readline()
    if not line:
        raise ConnectionError("another member is gone")
    return line


def say(peer, text):
    print(text, file=peer, flush=True)


def average(peers, value):
    if rank > 0:
        say(peers[0], f"{rank} {value!r}")
        return float(hear(peers[0]))
    # In the order of ranks, so that the result does not depend on who was faster.
    heard = sorted((int(r), float(v)) for r, v in (hear(peer).split() for peer in peers))
    mean = (value + sum(v for _, v in heard)) / world
    for peer in peers:
        say(peer, repr(mean))
    return mean


def load():
    try:
        with open(state_file) as file:
            return json.load(file)
    except FileNotFoundError:
        return []


def save(estimates):
    with open(state_file + ".new", "w") as file:
        json.dump(estimates, file)
    os.replace(state_file + ".new", state_file)


def tell(records, epoch, estimates):
    error = abs(sum(estimates[:epoch]) / epoch - math.pi)
    print(json.dumps({"epoch": epoch, "metrics": {"error": error}}), file=records, flush=True)


def estimate(epoch):
    draws = random.Random(f"{os.environ['GLIMPSE_SEED']} {rank} {epoch}")
    inside = sum(draws.random() ** 2 + draws.random() ** 2 < 1 for _ in range(points))
    return 4 * inside / points


def main():
    peers = meet()
    estimates = load()  # by all members, before rank 0 can save again
    records = os.fdopen(int(os.environ["GLIMPSE_FD"]), "w")
    first = len(estimates)
    if rank == 0:
        for epoch in range(1, first + 1):
            tell(records, epoch, estimates)  # again: it may never have arrived
    for epoch in range(first + 1, EPOCHS + 1):
        estimates.append(average(peers, estimate(epoch)))
        if rank == 0:
            save(estimates)
            tell(records, epoch, estimates)


main()
