"""Lets the safetensors package of PyPI read what we write, and us read what it writes.

usage: safetensors_judge.py TOOL, where TOOL is the program built from safetensors_tool.cpp
"""

import ctypes
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

import safetensors
from safetensors import SafetensorError, deserialize, serialize

# Names of types as serialize() takes them -> as the format spells them, with their bytes.
TYPES = {
    "bool": ("BOOL", 1), "uint8": ("U8", 1), "int8": ("I8", 1), "float8_e5m2": ("F8_E5M2", 1),
    "float8_e4m3fn": ("F8_E4M3", 1), "uint16": ("U16", 2), "int16": ("I16", 2),
    "float16": ("F16", 2), "bfloat16": ("BF16", 2), "uint32": ("U32", 4), "int32": ("I32", 4),
    "float32": ("F32", 4), "uint64": ("U64", 8), "int64": ("I64", 8), "float64": ("F64", 8),
}
MUTATIONS = 3000


def read_ours(tool, paths):
    """What our reader says of each file: None when refused, else (texts, tensors)."""
    output = subprocess.run([tool, *paths], check=True, capture_output=True, text=True).stdout
    files = []
    for line in output.splitlines():
        kind, *words = line.split(" ")
        if kind == "refused":
            files.append(None)
        elif kind == "file":
            files.append(({}, {}))
        elif kind == "text":
            key, value = (bytes.fromhex(word).decode() for word in words)
            files[-1][0][key] = value
        else:
            name, dtype, shape, data = words
            sides = [int(side) for side in shape[1:-1].split(",") if side]
            files[-1][1][bytes.fromhex(name).decode()] = (dtype, sides, bytes.fromhex(data))
    assert len(files) == len(paths), "the tool skipped a file"
    return files


def read_theirs(content):
    """What the package says of the same bytes, in the same shape."""
    try:
        tensors = deserialize(content)
    except SafetensorError:
        return None
    length = struct.unpack("<Q", content[:8])[0]
    texts = json.loads(content[8:8 + length]).get("__metadata__") or {}
    return texts, {name: (facts["dtype"], list(facts["shape"]), bytes(facts["data"]))
                   for name, facts in tensors}


def check_ours_is_read(tool, folder):
    path = os.path.join(folder, "ours.safetensors")
    subprocess.run([tool, "write", path], check=True)
    with open(path, "rb") as file:
        theirs = read_theirs(file.read())
    assert theirs is not None, "the package refuses our file"
    assert theirs == read_ours(tool, [path])[0], "the package reads our file differently"
    assert len(theirs[1]) == 16 and theirs[0] == {"key": "value \u00e9"}, theirs


def serialize_tensors(tensors, texts):
    """serialize() of {name: (type, shape, bytes)}; since 0.8 it takes addresses, before it took bytes."""
    if not hasattr(safetensors, "TensorSpec"):
        return serialize({name: {"dtype": dtype, "shape": shape, "data": data}
                          for name, (dtype, shape, data) in tensors.items()}, texts)
    buffers = {name: ctypes.create_string_buffer(data, max(1, len(data)))
               for name, (_, _, data) in tensors.items()}
    return serialize({name: safetensors.TensorSpec(
        dtype=dtype, shape=shape, data_ptr=ctypes.addressof(buffers[name]), data_len=len(data))
        for name, (dtype, shape, data) in tensors.items()}, texts)


def check_theirs_is_read(tool, folder):
    tensors = {"scalar": ("float32", [], b"\1\2\3\4"),
               "empty": ("int64", [0, 4], b""),
               "n\u00e4me \"\\\n": ("uint8", [3], b"abc")}
    for name, (_, size) in TYPES.items():
        tensors[name] = (name, [2, 3], bytes(range(6 * size)))
    content = serialize_tensors(tensors, {"format": "pt", "quote": "\"\\\n\u00e4"})
    path = os.path.join(folder, "theirs.safetensors")
    with open(path, "wb") as file:
        file.write(content)
    ours = read_ours(tool, [path])[0]
    assert ours is not None, "we refuse the package's file"
    assert ours == read_theirs(content), "we read the package's file differently"
    assert {facts[0] for facts in ours[1].values()} == {name for name, _ in TYPES.values()}
    return content


def mutate(content, rng):
    """One small change in the header, most of them still JSON."""
    length = struct.unpack("<Q", content[:8])[0]
    header = bytearray(content[8:8 + length])
    at = rng.randrange(len(header))
    choice = rng.randrange(4)
    if choice == 0:
        header[at] ^= 1 << rng.randrange(8)
    elif choice == 1:
        digits = [i for i, byte in enumerate(header) if chr(byte).isdigit()]
        header[rng.choice(digits)] = ord(rng.choice("0123456789"))
    elif choice == 2:
        del header[at:at + rng.randrange(1, 4)]
    else:
        header[at:at] = rng.choice([b"0", b",", b" ", b"[", b"}", b"\"", b"\\u0041", b"-", b"1e1"])
    return struct.pack("<Q", len(header)) + bytes(header) + content[8 + length:]


def check_nothing_looser(tool, folder, content):
    """What we accept, the package accepts, and it reads the same in it."""
    rng = random.Random(1)
    mutated = [mutate(content, rng) for _ in range(MUTATIONS)]
    paths = []
    for i, bytes_ in enumerate(mutated):
        paths.append(os.path.join(folder, f"{i}.safetensors"))
        with open(paths[-1], "wb") as file:
            file.write(bytes_)
    both = only_theirs = 0
    for path, bytes_, ours in zip(paths, mutated, read_ours(tool, paths)):
        theirs = read_theirs(bytes_)
        if ours is not None:
            assert ours == theirs, f"we accept {path}, and the package reads {theirs}"
            both += 1
        elif theirs is not None:
            only_theirs += 1
    print(f"{MUTATIONS} mutated files: {both} read alike, {only_theirs} read by the package only")
    assert both > 100


def main():
    tool = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        check_ours_is_read(tool, folder)
        content = check_theirs_is_read(tool, folder)
        check_nothing_looser(tool, folder, content)


main()
