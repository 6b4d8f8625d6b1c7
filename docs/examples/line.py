"""Fits a line to noisy points by stochastic gradient descent, with nothing but the standard library.

A trial of line.json. It shows all that a program of your own has to do for Glimpse: write a
line per epoch, keep its state in GLIMPSE_RUN_DIR, go on from there, and leave when it is told to.
"""

import json
import os
import random
import signal
import sys

EPOCHS = 20

learning_rate, momentum = float(sys.argv[1]), float(sys.argv[2])
seed = int(os.environ["GLIMPSE_SEED"])
state_file = os.path.join(os.environ["GLIMPSE_RUN_DIR"], "state.json")
records = os.fdopen(int(os.environ["GLIMPSE_FD"]), "w")

# SIGTERM only sets a flag: an epoch is never left half done.
told_to_stop = False


def stop(number, frame):
    global told_to_stop
    told_to_stop = True


signal.signal(signal.SIGTERM, stop)


def tell(epoch, loss):
    print(json.dumps({"epoch": epoch, "metrics": {"loss": loss}}), file=records, flush=True)


def save(state):
    with open(state_file + ".new", "w") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(state_file + ".new", state_file)  # the old state or the new one, never a half


def load():
    try:
        with open(state_file) as file:
            return json.load(file)
    except FileNotFoundError:
        return {"losses": [], "weights": [0.0, 0.0], "velocity": [0.0, 0.0]}


def train_epoch(state, points):
    weights, velocity = state["weights"], state["velocity"]
    for x, y in points:
        error = weights[0] * x + weights[1] - y
        for i, gradient in enumerate((error * x, error)):
            velocity[i] = momentum * velocity[i] - learning_rate * gradient
            weights[i] += velocity[i]
    return sum((weights[0] * x + weights[1] - y) ** 2 for x, y in points) / len(points)


draws = random.Random(seed)
xs = [draws.uniform(-1, 1) for _ in range(5000)]
points = [(x, 3 * x - 1 + draws.gauss(0, 0.1)) for x in xs]

state = load()
# What was on its way when a machine died is lost, so saved epochs are told again. Glimpse knows
# them by their numbers.
for epoch, loss in enumerate(state["losses"], start=1):
    tell(epoch, loss)
while len(state["losses"]) < EPOCHS:
    if told_to_stop:
        sys.exit(75)  # "stopped; start me again"
    state["losses"].append(train_epoch(state, points))
    save(state)
    tell(len(state["losses"]), state["losses"][-1])
