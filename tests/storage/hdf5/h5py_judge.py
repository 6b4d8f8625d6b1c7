"""Another reader's word on our HDF5 files: h5py must see what we wrote, and we what it wrote."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import numpy as np


def text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def expected(split, shape, count):
    places = np.arange(count * shape[0] * shape[1], dtype=np.int64)
    images = (places * 7 + places // 768 + split * 31 + 1) % 256
    labels = (np.arange(count * 2) * 3 + split + 1) % 10
    return images.reshape(count, *shape).astype(np.uint8), labels.reshape(count, 2)


def judge_written(program, folder):
    path = folder / "written.h5"
    subprocess.run([program, "write", path], check=True)
    with h5py.File(path, "r") as file:
        assert file.userblock_size == 4096
        assert text(file.attrs["recipe"]) == "cluttered-sequences"
        assert text(file.attrs["recipe_text"]).startswith('{"recipe"')
        assert text(file.attrs["identity"]) == "a" * 32 + "5" * 32
        assert text(file["provenance"].attrs["source"]) == "Prüfdaten"
        assert text(file["provenance"].attrs["licence"]) == "CC BY-SA 3.0"
        for split, (name, count) in enumerate({"train": 40, "valid": 12, "test": 9}.items()):
            images, labels = expected(split, (24, 32), count)
            assert file[name]["images"].dtype == np.uint8
            assert file[name]["images"].chunks is None
            assert np.array_equal(file[name]["images"][...], images), name
            assert np.array_equal(file[name]["labels"][...], labels), name
            assert len(text(file[name]["images"].attrs["xxh3"])) == 16
            judge_hash(file[name]["images"], images)
            mapped = np.memmap(path, np.uint8, "r", file[name]["images"].id.get_offset(), images.shape)
            assert np.array_equal(mapped, images), name


def judge_hash(dataset, images):
    try:
        import xxhash
    except ImportError:
        return
    assert xxhash.xxh3_64_hexdigest(images.tobytes()) == text(dataset.attrs["xxh3"])


def judge_import(program, folder, **options):
    random = np.random.default_rng(1)
    path = folder / "user.h5"
    arrays = {}
    with h5py.File(path, "w") as file:
        for name, count in {"train": 50, "valid": 20, "test": 10}.items():
            images = random.integers(0, 256, (count, 11, 13), dtype=np.uint8)
            labels = random.integers(0, 10, (count, 3))
            file.create_dataset(f"{name}/images", data=images, **options)
            file.create_dataset(f"{name}/labels", data=labels, **options)
            arrays[name] = images, labels
    ours = folder / "ours.h5"
    subprocess.run([program, "import", path, ours], check=True)
    with h5py.File(ours, "r") as file:
        for name, (images, labels) in arrays.items():
            assert np.array_equal(file[name]["images"][...], images), name
            assert np.array_equal(file[name]["labels"][...], labels), name


def places(shape, factor, modulus):
    return (np.arange(np.prod(shape), dtype=np.int64) * factor % modulus).reshape(shape)


def judge_crops(program, folder):
    path = folder / "crops.h5"
    subprocess.run([program, "crops", path], check=True)
    arrays = {
        "images": (places((5, 12, 16), 7, 256), np.uint8),
        "labels": (places((5, 2), 3, 10), np.uint8),
        "predictions": (places((5, 2), 7, 10), np.uint8),
        "index": (places((5,), 1_000_000_007, 2**32), np.uint32),
        "theta": (places((5, 3, 2, 3), 11, 64) / 16 - 2, np.float32),
        "boxes": (places((5, 3, 4), 13, 64), np.float32),
        "crops": (places((5, 3, 6, 8), 5, 251), np.uint8),
    }
    with h5py.File(path, "r") as file:
        assert text(file.attrs["run_id"]) == "0123456789abcdef" * 2
        assert json.loads(text(file.attrs["config"])) == {"model": 'Prüf "1"'}
        assert text(file.attrs["split"]) == "test" and text(file.attrs["weights"]) == "best"
        assert set(file) == set(arrays)
        for name, (content, kind) in arrays.items():
            assert file[name].dtype == kind and file[name].compression == "gzip", name
            assert np.array_equal(file[name][...], content), name


def judge_refusals(program, folder):
    path = folder / "floats.h5"
    with h5py.File(path, "w") as file:
        for name in ("train", "valid", "test"):
            file[f"{name}/images"] = np.zeros((4, 8, 8), np.float32)
            file[f"{name}/labels"] = np.zeros(4, np.int64)
    result = subprocess.run(
        [program, "import", path, folder / "no.h5"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1 and "multiply by 255" in result.stderr, result.stderr
    assert not (folder / "no.h5").exists()


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        judge_written(program, Path(folder))
        judge_import(program, Path(folder))
        judge_import(program, Path(folder), compression="gzip", shuffle=True, chunks=True)
        judge_refusals(program, Path(folder))
        judge_crops(program, Path(folder))


main()
