"""h5py's word on exported crops."""

import h5py
import numpy as np

from exported import results


def main():
    with results() as made:
        out = made.export("hdf5")
        expected = {f"{run}.h5" for (run,) in made.rows(
            "select run_id from v_plan where study = 'sweep' and position in (0, 3)")}
        assert {path.name for path in out.iterdir()} == expected
        for path in out.iterdir():
            with h5py.File(path) as file:
                assert file.attrs["run_id"].decode() == path.stem
                assert file["crops"].shape == (5, 3, 6, 8)
                assert file["crops"].compression == "gzip" and file["crops"].chunks
                places = np.arange(5 * 12 * 16).reshape(5, 12, 16)
                assert np.array_equal(file["images"], places * 7 % 256)
                left, top, right, bottom = file["boxes"][0, 0]
                assert (left, top, right, bottom) == (0, 13, 26, 39)


main()
