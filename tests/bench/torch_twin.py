#!/usr/bin/env python3
"""The training step of glimpse-worker written down a second time, in Python with PyTorch.

`glimpse-worker bench --compare torch_twin.py` runs it beside the worker; no run of ours needs it.
Without a flag it is the twin, as fast as eager PyTorch can be made without other arithmetic: one
flat vector of weights, channels last, the constant input of the GRU projected once, the glimpses of
an image sampled in one call, pooling before the rectifier, gates computed together. With --plain
it is what most people write first: modules, a loop over time that samples and projects again,
rectifier before pooling, a loop over parameters. With --compile the twin's forward pass and loss go
through torch.compile.

    torch_twin.py PARAMETERS [--plain | --compile]
    torch_twin.py --check        the numbers of parameters; ends with 1 where one is wrong

PARAMETERS is what the worker trains, every value as a JSON object. The script builds, warms up and
prints "ready", or "unavailable: why". Then it answers each line "round N" with the processor
seconds and the seconds that N steps took. It ends with its input.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

SIDE = 100  # of an image
DIGITS = 3
CLASSES = 10
IMAGES = 1000
WARM_UP_STEPS = 5
COUNTS = {"rnn-spn": 1678800, "ffn-spn": 3622716, "conv": 17113870}
# What only this setting of is written here.
FIXED = {"sampler": "border", "gru": "reset_after", "learned_h0": True, "third_dropout": False,
         "dropout": 0, "optimizer": "rmsprop"}
# What a step does not depend on while nothing is dropped.
ELSEWHERE = {"epochs", "schedule", "schedule_start", "schedule_period", "schedule_divisor",
             "early_stop", "exact_train_error", "dropout_warmup", "localisation_dropout"}
DEFAULTS = {"downsample": 1, "localisation_filters": 20, "localisation_dense": 200, "hidden": 256,
            "dense": 400, "batch_size": 100, "learning_rate": 5e-4, "rmsprop_decay": 0.9,
            "optimizer_epsilon": 1e-6, "norm_limit": 5, "loss_epsilon": 1e-5, "clip": 0}
OF_MODEL = {"rnn-spn": {"downsample": 3, "filters": 32, "clip": 1},
            "ffn-spn": {"downsample": 2, "filters": 96},
            "conv": {"filters": 96}}


def settings_of(parameters):
    """What a step is made of; refuses what this script would compute otherwise."""
    model = parameters["model"]
    settings = DEFAULTS | OF_MODEL[model]
    for name, value in parameters.items():
        if name in settings:
            settings[name] = value
        elif FIXED.get(name, value) != value:
            sys.exit(f"{name} is {value!r}; this script knows {FIXED[name]!r} alone")
        elif name not in FIXED and name not in ELSEWHERE and name != "model":
            sys.exit(f"this script does not know {name}")
    return settings | {"model": model}


def crop_side(settings):
    return int(SIDE / settings["downsample"])


def classifier_features(settings):
    side = crop_side(settings)
    for _ in range(2):
        side = (side - 2) // 2
    return settings["filters"] * (side - 2) ** 2


def localisation_features(settings):
    side = SIDE
    for _ in range(3):
        side = side // 2 - 2
    return settings["localisation_filters"] * side**2


def glorot(*modules):
    for module in modules:
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


def start_at_identity(theta):
    nn.init.zeros_(theta.weight)
    with torch.no_grad():
        theta.bias.copy_(torch.tensor([1.0, 0, 0, 0, 1, 0]))


# The twin.


class Classifier(nn.Module):
    def __init__(self, settings, digits):
        super().__init__()
        filters = settings["filters"]
        self.conv1 = nn.Conv2d(1, filters, 3)
        self.conv2 = nn.Conv2d(filters, filters, 3)
        self.conv3 = nn.Conv2d(filters, filters, 3)
        self.dense = nn.Linear(classifier_features(settings), settings["dense"])
        self.softmaxes = nn.ModuleList(nn.Linear(settings["dense"], CLASSES)
                                       for _ in range(digits))
        glorot(self.conv1, self.conv2, self.conv3, self.dense, *self.softmaxes)

    def forward(self, images):
        x = F.max_pool2d(self.conv1(images), 2).relu_()
        x = F.max_pool2d(self.conv2(x), 2).relu_()
        x = self.conv3(x).relu_().flatten(1)
        x = self.dense(x).relu_()
        return torch.stack([softmax(x) for softmax in self.softmaxes], 1)


class Localisation(nn.Module):
    def __init__(self, filters):
        super().__init__()
        self.conv1 = nn.Conv2d(1, filters, 3)
        self.conv2 = nn.Conv2d(filters, filters, 3)
        self.conv3 = nn.Conv2d(filters, filters, 3)
        glorot(self.conv1, self.conv2, self.conv3)

    def forward(self, images):
        x = F.max_pool2d(self.conv1(F.max_pool2d(images, 2)), 2).relu_()
        x = F.max_pool2d(self.conv2(x), 2).relu_()
        return self.conv3(x).relu_().flatten(1)


def sample(images, theta, side):
    """All glimpses of an image, one below the other, in one call: (N, g, side, side)."""
    count, glimpses = theta.shape[:2]
    grid = F.affine_grid(theta.view(count * glimpses, 2, 3), (count * glimpses, 1, side, side),
                         align_corners=True)
    crops = F.grid_sample(images, grid.view(count, glimpses * side, side, 2),
                          padding_mode="border", align_corners=True)
    return crops.view(count, glimpses, side, side)


class RnnSpn(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.side = crop_side(settings)
        self.hidden = settings["hidden"]
        self.localisation = Localisation(settings["localisation_filters"])
        self.project = nn.Linear(localisation_features(settings), 3 * self.hidden)
        self.advance = nn.Linear(self.hidden, 3 * self.hidden, bias=False)
        nn.init.normal_(self.project.weight, std=0.1)
        nn.init.normal_(self.advance.weight, std=0.1)
        nn.init.zeros_(self.project.bias)
        self.h0 = nn.Parameter(torch.zeros(1, self.hidden))
        self.theta = nn.Linear(self.hidden, 6)
        start_at_identity(self.theta)
        self.classifier = Classifier(settings, 1)

    def forward(self, images):
        gates, candidate = self.project(self.localisation(images)).split(
            [2 * self.hidden, self.hidden], 1)
        h = self.h0.expand(len(images), -1)
        states = []
        for _ in range(DIGITS):
            own_gates, own_candidate = self.advance(h).split([2 * self.hidden, self.hidden], 1)
            r, u = torch.sigmoid(gates + own_gates).chunk(2, 1)
            h = torch.lerp(h, torch.tanh(torch.addcmul(candidate, r, own_candidate)), u)
            states.append(h)
        theta = self.theta(torch.stack(states, 1)).view(-1, DIGITS, 2, 3)
        crops = sample(images, theta, self.side)
        return self.classifier(crops.view(-1, 1, self.side, self.side)).view(-1, DIGITS, CLASSES)


class FfnSpn(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.side = crop_side(settings)
        self.localisation = Localisation(settings["localisation_filters"])
        self.dense = nn.Linear(localisation_features(settings), settings["localisation_dense"])
        self.theta = nn.Linear(settings["localisation_dense"], 6)
        glorot(self.dense)
        start_at_identity(self.theta)
        self.classifier = Classifier(settings, DIGITS)

    def forward(self, images):
        theta = self.theta(self.dense(self.localisation(images)).relu_())
        return self.classifier(sample(images, theta.view(-1, 1, 2, 3), self.side))


class Flat:
    """Weights and gradients of a module in one vector each; convolutions channels last."""

    ALIGNMENT = 16  # floats of a cache line

    def __init__(self, module):
        parameters = list(module.parameters())
        offsets = [0]
        for parameter in parameters:
            units = -(-parameter.numel() // self.ALIGNMENT)
            offsets.append(offsets[-1] + units * self.ALIGNMENT)
        self.weights = torch.zeros(offsets[-1])
        self.gradients = torch.zeros(offsets[-1])
        for parameter, offset in zip(parameters, offsets):
            view = self.view(self.weights, offset, parameter)
            view.copy_(parameter.data)
            gradient = self.view(self.gradients, offset, parameter)
            parameter.data = view
            parameter.grad = gradient

    @staticmethod
    def view(flat, offset, parameter):
        part = flat[offset:offset + parameter.numel()]
        if parameter.dim() < 4:
            return part.view(parameter.shape)
        filters, channels, height, width = parameter.shape
        return part.view(filters, height, width, channels).permute(0, 3, 1, 2)


class FlatRmsprop:
    """Clips the elements, limits the norm, then steps; epsilon is inside the root."""

    def __init__(self, module, settings):
        self.flat = Flat(module)
        self.settings = settings
        self.square = torch.zeros_like(self.flat.weights)
        self.scratch = torch.zeros_like(self.flat.weights)
        self.norm_sum = torch.zeros(())

    def zero_grad(self):
        self.flat.gradients.zero_()

    @torch.no_grad()
    def step(self):
        settings, gradients = self.settings, self.flat.gradients
        if settings["clip"] > 0:
            gradients.clamp_(-settings["clip"], settings["clip"])
        norm = gradients.norm()
        self.norm_sum += norm
        limit = settings["norm_limit"]
        if limit > 0:
            gradients.mul_(norm.clamp(max=limit) / (norm + 1e-7))
        decay = settings["rmsprop_decay"]
        self.square.mul_(decay).addcmul_(gradients, gradients, value=1 - decay)
        torch.add(self.square, settings["optimizer_epsilon"], out=self.scratch)
        self.flat.weights.addcdiv_(gradients, self.scratch.sqrt_(),
                                   value=-settings["learning_rate"])


# What most people write first.


def plain_convolutions(filters, pools_first):
    layers = [nn.Conv2d(1, filters, 3), nn.ReLU(), nn.MaxPool2d(2),
              nn.Conv2d(filters, filters, 3), nn.ReLU(), nn.MaxPool2d(2),
              nn.Conv2d(filters, filters, 3), nn.ReLU(), nn.Flatten()]
    glorot(layers[0], layers[3], layers[6])
    return nn.Sequential(*([nn.MaxPool2d(2)] if pools_first else []), *layers)


class PlainClassifier(nn.Module):
    def __init__(self, settings, digits):
        super().__init__()
        self.convolutions = plain_convolutions(settings["filters"], False)
        self.dense = nn.Linear(classifier_features(settings), settings["dense"])
        self.softmaxes = nn.ModuleList(nn.Linear(settings["dense"], CLASSES)
                                       for _ in range(digits))
        glorot(self.dense, *self.softmaxes)

    def forward(self, images):
        x = F.relu(self.dense(self.convolutions(images)))
        return torch.stack([softmax(x) for softmax in self.softmaxes], 1)


def plain_sample(images, theta, side):
    grid = F.affine_grid(theta.view(-1, 2, 3), (len(images), 1, side, side), align_corners=True)
    return F.grid_sample(images, grid, padding_mode="border", align_corners=True)


class PlainGruCell(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.from_input = nn.Linear(inputs, 3 * units)
        self.from_state = nn.Linear(units, 3 * units, bias=False)
        nn.init.normal_(self.from_input.weight, std=0.1)
        nn.init.normal_(self.from_state.weight, std=0.1)
        nn.init.zeros_(self.from_input.bias)

    def forward(self, x, h):
        input_r, input_u, input_c = self.from_input(x).chunk(3, 1)
        state_r, state_u, state_c = self.from_state(h).chunk(3, 1)
        r = torch.sigmoid(input_r + state_r)
        u = torch.sigmoid(input_u + state_u)
        c = torch.tanh(input_c + r * state_c)
        return (1 - u) * h + u * c


class PlainRnnSpn(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.side = crop_side(settings)
        self.localisation = plain_convolutions(settings["localisation_filters"], True)
        self.gru = PlainGruCell(localisation_features(settings), settings["hidden"])
        self.h0 = nn.Parameter(torch.zeros(1, settings["hidden"]))
        self.theta = nn.Linear(settings["hidden"], 6)
        start_at_identity(self.theta)
        self.classifier = PlainClassifier(settings, 1)

    def forward(self, images):
        features = self.localisation(images)
        h = self.h0.expand(len(images), -1)
        crops = []
        for _ in range(DIGITS):
            h = self.gru(features, h)
            crops.append(plain_sample(images, self.theta(h), self.side))
        logits = self.classifier(torch.stack(crops, 1).flatten(0, 1))
        return logits.view(-1, DIGITS, CLASSES)


class PlainFfnSpn(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.side = crop_side(settings)
        self.localisation = plain_convolutions(settings["localisation_filters"], True)
        self.dense = nn.Linear(localisation_features(settings), settings["localisation_dense"])
        self.theta = nn.Linear(settings["localisation_dense"], 6)
        glorot(self.dense)
        start_at_identity(self.theta)
        self.classifier = PlainClassifier(settings, DIGITS)

    def forward(self, images):
        theta = self.theta(F.relu(self.dense(self.localisation(images))))
        return self.classifier(plain_sample(images, theta, self.side))


class PlainRmsprop:
    def __init__(self, module, settings):
        self.parameters = list(module.parameters())
        self.settings = settings
        self.squares = [torch.zeros_like(p) for p in self.parameters]
        self.norm_sum = 0.0

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self):
        settings = self.settings
        if settings["clip"] > 0:
            nn.utils.clip_grad_value_(self.parameters, settings["clip"])
        norm = nn.utils.clip_grad_norm_(self.parameters, settings["norm_limit"] or float("inf"))
        self.norm_sum += norm.item()
        for parameter, square in zip(self.parameters, self.squares):
            square.mul_(settings["rmsprop_decay"])
            square.addcmul_(parameter.grad, parameter.grad, value=1 - settings["rmsprop_decay"])
            parameter.addcdiv_(parameter.grad, (square + settings["optimizer_epsilon"]).sqrt(),
                               value=-settings["learning_rate"])


# Both.

TWINS = {"rnn-spn": RnnSpn, "ffn-spn": FfnSpn, "conv": lambda s: Classifier(s, DIGITS)}
PLAIN = {"rnn-spn": PlainRnnSpn, "ffn-spn": PlainFfnSpn,
         "conv": lambda s: PlainClassifier(s, DIGITS)}


class Step:
    """One step of training: a batch out of bytes, the pass there and back, the update, the sums."""

    def __init__(self, settings, is_plain, is_compiled):
        self.epsilon = settings["loss_epsilon"]
        self.net = (PLAIN if is_plain else TWINS)[settings["model"]](settings)
        self.optimizer = (PlainRmsprop if is_plain else FlatRmsprop)(self.net, settings)
        self.forward = torch.compile(self.loss_of) if is_compiled else self.loss_of
        generator = torch.Generator().manual_seed(1)
        # About as much ink as digits have, and as lumpy.
        lumps = torch.rand(IMAGES, 1, SIDE // 4, SIDE // 4, generator=generator) < 0.06
        ink = lumps.repeat_interleave(4, 2).repeat_interleave(4, 3)
        self.pixels = ink * torch.randint(1, 256, ink.shape, generator=generator,
                                          dtype=torch.uint8)
        self.labels = torch.randint(0, CLASSES, (IMAGES, DIGITS), generator=generator)
        self.order = torch.randperm(IMAGES, generator=generator)
        self.batch = settings["batch_size"]
        self.bytes = torch.empty((self.batch, 1, SIDE, SIDE), dtype=torch.uint8)
        self.images = torch.empty((self.batch, 1, SIDE, SIDE))
        self.steps = 0
        self.loss_sum = torch.zeros((), dtype=torch.float64)
        self.wrong_digits = torch.zeros((), dtype=torch.int64)
        self.wrong_sequences = torch.zeros((), dtype=torch.int64)

    def loss_of(self, images, labels):
        logits = self.net(images)
        p = torch.softmax(logits, -1).gather(-1, labels.unsqueeze(-1))
        return -(p + self.epsilon).log().mean(), logits

    def load(self):
        first = self.steps * self.batch
        samples = self.order[torch.arange(first, first + self.batch) % IMAGES]
        torch.index_select(self.pixels, 0, samples, out=self.bytes)
        return self.images.copy_(self.bytes).div_(255), self.labels[samples]

    def __call__(self):
        images, labels = self.load()
        self.optimizer.zero_grad()
        loss, logits = self.forward(images, labels)
        loss.backward()
        self.count(loss, logits, labels)
        self.optimizer.step()
        self.steps += 1

    @torch.no_grad()
    def count(self, loss, logits, labels):
        wrong = logits.argmax(2).ne(labels)
        self.wrong_digits += wrong.sum()
        self.wrong_sequences += wrong.any(1).sum()
        self.loss_sum += loss * labels.numel()


def make_step(settings, flags):
    try:
        step = Step(settings, "--plain" in flags, "--compile" in flags)
        for _ in range(WARM_UP_STEPS):
            step()
        return step
    except Exception as error:
        if "--compile" not in flags:
            raise
        reason = (str(error) or type(error).__name__).strip().splitlines()[0]
        print("unavailable:", reason, flush=True)
        sys.exit()


def serve(step):
    print("ready", flush=True)
    for line in sys.stdin:
        steps = int(line.removeprefix("round "))
        start, cpu_start = time.perf_counter(), time.process_time()
        for _ in range(steps):
            step()
        print(time.process_time() - cpu_start, time.perf_counter() - start, flush=True)
    assert step.loss_sum.isfinite()


def check():
    is_right = True
    for model, expected in COUNTS.items():
        for make in (TWINS[model], PLAIN[model]):
            count = sum(p.numel() for p in make(settings_of({"model": model})).parameters())
            print(f"{model}: {count} parameters, {expected} expected")
            is_right = is_right and count == expected
    sys.exit(not is_right)


def main(arguments):
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    if arguments == ["--check"]:
        check()
    if not arguments or not set(arguments[1:]) <= {"--plain", "--compile"}:
        sys.exit(__doc__)
    serve(make_step(settings_of(json.loads(arguments[0])), arguments[1:]))


if __name__ == "__main__":
    main(sys.argv[1:])
