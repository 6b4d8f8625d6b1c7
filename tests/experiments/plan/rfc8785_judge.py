"""Checks printed keys against the PyPI package rfc8785: rfc8785_judge.py PROGRAM

PROGRAM prints "key text" lines. Each text must be the canonical form of what it says, and each key
its SHA-256.
"""

import hashlib
import json
import subprocess
import sys

import rfc8785


def main() -> int:
    lines = subprocess.run(
        [sys.argv[1]], check=True, capture_output=True
    ).stdout.splitlines()
    for line in lines:
        key, _, text = line.partition(b" ")
        # JSON knows one kind of number; the package tells Python's two apart.
        canonical = rfc8785.dumps(json.loads(text, parse_int=float))
        if canonical != text:
            print(f"not canonical:\n  ours   {text!r}\n  theirs {canonical!r}")
            return 1
        if hashlib.sha256(canonical).hexdigest().encode() != key:
            print(f"wrong key: {line!r}")
            return 1
    print(f"{len(lines)} keys agree with rfc8785 {rfc8785.__version__}")
    return 0 if len(lines) > 1000 else 1


if __name__ == "__main__":
    sys.exit(main())
