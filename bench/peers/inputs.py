"""The inputs: a hash of the flat index, the same in every language."""
import numpy as np

BLOCK = 1 << 15  # stays in cache


def hashed(index, seed):
    """murmur3's finaliser over a flat index, as a float64 in [-0.5, 0.5)."""
    h = index * np.uint32(0x9E3779B1) + np.uint32(seed)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h * (1.0 / 4294967296.0) - 0.5


def fill(out, indices, seed, nan):
    """Fills a 1-d array from the flat indices that indices(lo, hi) gives."""
    for lo in range(0, out.size, BLOCK):
        hi = min(lo + BLOCK, out.size)
        values = hashed(indices(lo, hi), seed)
        if nan:
            values[values > 0.4] = np.nan
        out[lo:hi] = values


def make(workload, seed):
    """A whole input array."""
    out = np.empty(workload["shape"], workload["dtype"])
    fill(out.reshape(-1), lambda lo, hi: np.arange(lo, hi, dtype=np.uint32), seed, workload.get("nan", False))
    return out


def make_block(location, workload, seed):
    """One block of an input array; location holds (start, stop) for each axis."""
    out = np.empty([stop - start for start, stop in location], workload["dtype"])
    flat = np.zeros(1, np.uint32)
    for (start, stop), extent in zip(location, workload["shape"]):
        flat = (flat[:, None] * np.uint32(extent) + np.arange(start, stop, dtype=np.uint32)).reshape(-1)
    fill(out.reshape(-1), lambda lo, hi: flat[lo:hi], seed, workload.get("nan", False))
    return out
