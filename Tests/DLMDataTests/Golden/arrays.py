"""Writes arrays.txt: arrays as NumPy saves them, in base64, with their shapes and elements."""

import base64
import io

import numpy as np

arrays = [
    np.array([[1.5, -2], [0, 3]], dtype="f4"),
    np.asfortranarray(np.arange(6, dtype="f8").reshape(2, 3)),
    np.array([1.5, -0.25, 6e-8], dtype="f2"),
    np.array([-3, 7], dtype="i2"),
    np.array([0, 255], dtype="u1"),
    np.array([True, False]),
    np.array([2**40, -1], dtype="i8"),
    np.zeros((0, 3), dtype="f4"),
]
for array in arrays:
    file = io.BytesIO()
    np.save(file, array)
    fields = [
        base64.b64encode(file.getvalue()).decode(),
        ",".join(str(n) for n in array.shape),
        ",".join(repr(float(x)) for x in array.flatten(order="C")),
    ]
    print(" ".join(field or "-" for field in fields))
