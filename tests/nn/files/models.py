"""A small trained network and its rows."""

import json
import struct
from hashlib import sha256

import numpy as np
import safetensors.numpy

from hpsearch.nn import (
    MLPConfig,
    fit_stack,
)
from hpsearch.nn.files.tensor_file import BLANK

rng = np.random.default_rng(0)


X = rng.standard_normal((30, 3)).astype(np.float32)


CODES = (X[:, 0] > 0).astype(int) + (X[:, 1] > 1)


def network(labels=("a", "b", "c"), dtype=np.float32, seed=0):
    """Return a small network of three classes."""
    y = np.array(labels)[CODES]
    return fit_stack([MLPConfig(hidden=(4,))], X, y, X, y, epochs=1, seed=seed, dtype=dtype)[0].network


def rewritten(path, *, card=None, tensors=None, drop=()):
    """Write a model file again with other contents and a digest that fits."""
    content = path.read_bytes()
    metadata = json.loads(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])["__metadata__"]
    changed = {**json.loads(metadata["card"]), **(card or {})}
    kept = {k: v for k, v in (safetensors.numpy.load(content) | (tensors or {})).items() if k not in drop}
    changed = {k: v for k, v in changed.items() if k not in drop}
    blank = safetensors.numpy.save(kept, metadata={"card": json.dumps(changed), "sha256": BLANK})
    path.write_bytes(blank.replace(BLANK.encode(), sha256(blank).hexdigest().encode(), 1))
    return path
