#!/usr/bin/env python3
"""Writes the reference that the C++ networks are held against: *.safetensors beside this script.

The three networks of the RNN-SPN paper, written down a second time in the plainest way: every
glimpse copies its image, the GRU projects its input at every step, pooling follows the rectifier,
the sampler gathers its four pixels one by one, dropout masks are drawn number by number. Only
parameter names are shared with the C++ code.

Each file holds one network: pixels (uint8, read as x / 255), labels, samples (dataset indices),
every weight under its name as float32, and, computed from these in double precision, dropout masks
in forward order, logits, theta, crops, loss and the gradient of every weight. A float network is
held against the same doubles, so that only its own rounding counts. All files hold the SHA-256 of
this script, and a test compares it: after a change here, run

    python3 make_reference.py        # PyTorch 2.11, numpy, safetensors

and commit what it writes.
"""

import hashlib
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

CLASSES = 10
EPSILON = 1e-5  # of the loss
KINK_MARGIN = 1e-3  # pixels
HERE = pathlib.Path(__file__).resolve()

# Small, but every layer keeps more than one element on one axis.
SPN = {"height": 40, "width": 44, "images": 2, "digits": 3, "filters": 4, "dense": 6,
       "localisation_filters": 3, "downsample": 2.2, "sampler": "border", "dropout": 0,
       "third_dropout": False}
RNN = SPN | {"model": "rnn-spn", "hidden": 5, "gru": "reset_after", "learned_h0": True,
             "localisation_dropout": True}
FFN = SPN | {"model": "ffn-spn", "localisation_dense": 5}
CONV = {"model": "conv", "height": 26, "width": 20, "images": 2, "digits": 3, "filters": 4,
        "dense": 6, "dropout": 0, "third_dropout": False}

# The C++ test lists the same cases.
CASES = {
    "rnn_spn": RNN,
    "rnn_spn_dropout": RNN | {"dropout": 0.3, "seed": 2**40 + 7, "epoch": 3},
    "rnn_spn_switched": RNN | {"gru": "reset_before", "learned_h0": False, "sampler": "zeros",
                               "localisation_dropout": False, "third_dropout": True,
                               "dropout": 0.4, "digits": 2, "seed": 11, "epoch": 0},
    "rnn_spn_lasagne2015": RNN | {"sampler": "lasagne2015", "downsample": 2, "digits": 2},
    "ffn_spn": FFN | {"dropout": 0.25, "seed": 5, "epoch": 1},
    "ffn_spn_lasagne2015": FFN | {"sampler": "lasagne2015", "digits": 2, "third_dropout": True,
                                  "dropout": 0.5, "seed": 6, "epoch": 2},
    "conv": CONV,
    "conv_dropout": CONV | {"digits": 2, "third_dropout": True, "dropout": 0.5, "seed": 9,
                            "epoch": 4},
}


def philox4x32(counter, key):
    """Philox4x32-10 of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3"."""
    low = 0xFFFFFFFF
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        a = 0xD2511F53 * c0
        b = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & low, (a >> 32) ^ c3 ^ k1, a & low
        k0, k1 = (k0 + 0x9E3779B9) & low, (k1 + 0xBB67AE85) & low
    return c0, c1, c2, c3


class Dropout:
    """Number i of a sample's stream decides on the i-th element that its image offers."""

    PURPOSE = 3

    def __init__(self, case, samples):
        self.case = case
        self.samples = samples
        self.position = 0
        self.masks = []

    def number(self, sample, i):
        seed = self.case["seed"]
        block = philox4x32((i // 4, sample, self.case["epoch"], self.PURPOSE),
                           (seed & 0xFFFFFFFF, seed >> 32))
        return block[i % 4]

    def __call__(self, x):
        rate = self.case["dropout"]
        if rate == 0:
            return x
        per_image = x.numel() // len(self.samples)
        numbers = [[self.number(sample, self.position + i) for i in range(per_image)]
                   for sample in self.samples]
        self.position += per_image
        kept = torch.tensor(numbers, dtype=torch.float64) >= rate * 2**32
        mask = (kept.to(torch.float64) / (1 - rate)).reshape(x.shape)
        self.masks.append(mask)
        return x * mask


def conv_relu(weights, name, x):
    return torch.relu(F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"]))


def dense(weights, name, x):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def localisation(case, weights, images, dropout):
    x = F.max_pool2d(images, 2)
    x = conv_relu(weights, "localisation.conv1", x)
    x = F.max_pool2d(x, 2)
    x = conv_relu(weights, "localisation.conv2", x)
    if case["model"] == "rnn-spn" and case["localisation_dropout"]:
        x = dropout(x)
    x = F.max_pool2d(x, 2)
    x = conv_relu(weights, "localisation.conv3", x)
    return x.reshape(len(x), -1)


def classify(case, weights, images, dropout, digits):
    x = dropout(F.max_pool2d(conv_relu(weights, "classifier.conv1", images), 2))
    x = dropout(F.max_pool2d(conv_relu(weights, "classifier.conv2", x), 2))
    x = conv_relu(weights, "classifier.conv3", x)
    if case["third_dropout"]:
        x = dropout(x)
    x = torch.relu(dense(weights, "classifier.dense", x.reshape(len(x), -1)))
    return [dense(weights, f"classifier.softmax{digit + 1}", x) for digit in range(digits)]


def gru_states(case, weights, x):
    wr, wu, wc = (w.T for w in weights["gru.input_weight"].chunk(3))
    ur, uu, uc = (w.T for w in weights["gru.hidden_weight"].chunk(3))
    br, bu, bc = weights["gru.bias"].chunk(3)
    h = torch.zeros(len(x), case["hidden"], dtype=x.dtype)
    if case["learned_h0"]:
        h = h + weights["gru.h0"]
    states = []
    for _ in range(case["digits"]):
        r = torch.sigmoid(x @ wr + h @ ur + br)
        u = torch.sigmoid(x @ wu + h @ uu + bu)
        if case["gru"] == "reset_after":
            c = torch.tanh(x @ wc + r * (h @ uc) + bc)
        else:
            c = torch.tanh(x @ wc + (r * h) @ uc + bc)
        h = (1 - u) * h + u * c
        states.append(h)
    return states


def places(case, theta, crop):
    """Pixel coordinates (x, y), each (N, height, width), that the transforms (N, 6) point to."""
    height, width = crop
    yt, xt = torch.meshgrid(torch.linspace(-1, 1, height, dtype=theta.dtype),
                            torch.linspace(-1, 1, width, dtype=theta.dtype), indexing="ij")
    a, b, tx, c, d, ty = (column.reshape(-1, 1, 1) for column in theta.T)
    less = 0 if case["sampler"] == "lasagne2015" else 1
    return ((a * xt + b * yt + tx + 1) / 2 * (case["width"] - less),
            (c * xt + d * yt + ty + 1) / 2 * (case["height"] - less))


def sample(case, images, theta, crop):
    """One glimpse per image, (N, 1, height, width)."""
    height, width = case["height"], case["width"]
    x, y = places(case, theta, crop)
    if case["sampler"] == "border":
        x, y = x.clamp(0, width - 1), y.clamp(0, height - 1)
    x0, y0 = x.detach().floor(), y.detach().floor()
    number = torch.arange(len(images)).reshape(-1, 1, 1)
    result = 0
    for column in (x0, x0 + 1):
        for row in (y0, y0 + 1):
            inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
            pixel = images[number, 0, row.clamp(0, height - 1).long(),
                           column.clamp(0, width - 1).long()]
            share = (1 - (x - column).abs()) * (1 - (y - row).abs())
            result = result + pixel * share * inside
    if case["sampler"] == "lasagne2015":
        result = result * ((x >= 0) & (x < width - 1) & (y >= 0) & (y < height - 1))
    return result.unsqueeze(1)


def crop_size(case):
    return int(case["height"] / case["downsample"]), int(case["width"] / case["downsample"])


def seen(case, weights, images, dropout):
    """What theta is computed from, one matrix per glimpse."""
    features = localisation(case, weights, images, dropout)
    if case["model"] == "rnn-spn":
        return gru_states(case, weights, features)
    return [torch.relu(dense(weights, "dense", features))]


def run(case, weights, images, dropout):
    if case["model"] == "conv":
        return {"logits": torch.stack(classify(case, weights, images, dropout, case["digits"]), 1)}
    thetas = [dense(weights, "theta", state) for state in seen(case, weights, images, dropout)]
    crops = torch.stack([sample(case, images, theta, crop_size(case)) for theta in thetas], 1)
    glimpses = crops.reshape(-1, 1, *crop_size(case))
    if case["model"] == "rnn-spn":
        logits = classify(case, weights, glimpses, dropout, 1)[0]
        logits = logits.reshape(len(images), case["digits"], CLASSES)
    else:
        logits = torch.stack(classify(case, weights, glimpses, dropout, case["digits"]), 1)
    theta = torch.stack(thetas, 1).reshape(len(images), -1, 2, 3)
    return {"logits": logits, "theta": theta, "crops": crops.squeeze(2)}


def loss_of(logits, labels):
    p = torch.softmax(logits, -1)
    right = [p[n, i, labels[n, i]] for n in range(len(labels)) for i in range(labels.shape[1])]
    return -torch.stack([torch.log(q + EPSILON) for q in right]).mean()


def localisation_features(case):
    height, width = case["height"], case["width"]
    for _ in range(3):
        height, width = height // 2 - 2, width // 2 - 2
    return case["localisation_filters"] * height * width


def classifier_features(case):
    height, width = crop_size(case) if "downsample" in case else (case["height"], case["width"])
    for _ in range(2):
        height, width = (height - 2) // 2, (width - 2) // 2
    return case["filters"] * (height - 2) * (width - 2)


def shapes(case):
    """Every parameter with its shape, in no particular order."""
    result = {}

    def layer(name, *shape):
        result[name + ".weight"] = shape
        result[name + ".bias"] = shape[:1]

    def convolutions(name, filters):
        layer(name + ".conv1", filters, 1, 3, 3)
        layer(name + ".conv2", filters, filters, 3, 3)
        layer(name + ".conv3", filters, filters, 3, 3)

    softmaxes = case["digits"]
    if case["model"] != "conv":
        convolutions("localisation", case["localisation_filters"])
    if case["model"] == "ffn-spn":
        layer("dense", case["localisation_dense"], localisation_features(case))
        layer("theta", 6, case["localisation_dense"])
    if case["model"] == "rnn-spn":
        hidden = case["hidden"]
        result["gru.input_weight"] = (3 * hidden, localisation_features(case))
        result["gru.hidden_weight"] = (3 * hidden, hidden)
        result["gru.bias"] = (3 * hidden,)
        if case["learned_h0"]:
            result["gru.h0"] = (1, hidden)
        layer("theta", 6, hidden)
        softmaxes = 1
    convolutions("classifier", case["filters"])
    layer("classifier.dense", case["dense"], classifier_features(case))
    for digit in range(softmaxes):
        layer(f"classifier.softmax{digit + 1}", CLASSES, case["dense"])
    return result


def random_weights(case, generator):
    weights = {}
    for name, shape in shapes(case).items():
        fan_in = int(np.prod(shape[1:])) if len(shape) > 1 else 4
        scale = 0.1 if name == "theta.weight" else (2 / fan_in) ** 0.5
        weights[name] = (scale * generator.standard_normal(shape)).astype(np.float32)
    return weights


def is_off_kinks(case, theta):
    """The sampler bends where a coordinate is a whole number, and its gradient jumps there."""
    for coordinates, side in zip(places(case, theta, crop_size(case)),
                                 (case["width"], case["height"])):
        near = coordinates[(coordinates > -1) & (coordinates < side)]
        if ((near - near.round()).abs() < KINK_MARGIN).any():
            return False
    return True


def choose_theta_bias(case, weights, images, samples, generator):
    """Draws theta's bias until no glimpse reads within the margin of a whole pixel."""
    doubles = {name: torch.from_numpy(w).double() for name, w in weights.items()}
    states = torch.cat(seen(case, doubles, images, Dropout(case, samples)))
    while True:
        bias = np.array([0.8, 0, 0, 0, 0.8, 0]) + 0.15 * generator.standard_normal(6)
        doubles["theta.bias"] = torch.from_numpy(bias.astype(np.float32)).double()
        if is_off_kinks(case, dense(doubles, "theta", states)):
            return bias.astype(np.float32)


def smooth_pixels(case, generator):
    """Gentle slopes: a float coordinate that is off by its rounding then reads the same pixel."""
    coarse = torch.from_numpy(generator.random((case["images"], 1, 7, 7)))
    fine = F.interpolate(coarse, (case["height"], case["width"]), mode="bicubic",
                         align_corners=True)
    return (255 * fine.clamp(0, 1)).round().to(torch.uint8)


def make(case, seed):
    generator = np.random.Generator(np.random.PCG64(seed))
    pixels = smooth_pixels(case, generator)
    images = pixels.double() / 255
    labels = generator.integers(0, CLASSES, (case["images"], case["digits"]))
    samples = [int(s) for s in generator.integers(0, 60000, case["images"])]
    weights = random_weights(case, generator)
    if case["model"] != "conv":
        weights["theta.bias"] = choose_theta_bias(case, weights, images, samples, generator)
    leaves = {name: torch.from_numpy(w).double().requires_grad_() for name, w in weights.items()}
    dropout = Dropout(case, samples)
    outputs = run(case, leaves, images, dropout)
    loss = loss_of(outputs["logits"], labels)
    loss.backward()
    tensors = {"pixels": pixels.numpy(), "labels": labels, "samples": np.array(samples)}
    tensors |= {"weight." + name: w for name, w in weights.items()}
    tensors |= {name: t.detach().contiguous().numpy() for name, t in outputs.items()}
    tensors |= {"loss": loss.detach().numpy()}
    tensors |= {"grad." + name: leaf.grad.contiguous().numpy() for name, leaf in leaves.items()}
    # As bits: a kept element is 1 / (1 - rate).
    tensors |= {f"mask.{i}": (m > 0).numpy().astype(np.uint8) for i, m in enumerate(dropout.masks)}
    return tensors


def main():
    recipe = hashlib.sha256(HERE.read_bytes()).hexdigest()
    for seed, (name, case) in enumerate(CASES.items()):
        path = HERE.with_name(name + ".safetensors")
        save_file(make(case, seed), path, {"recipe_sha256": recipe})
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
