"""Stencils of one block by Numba, for Dask's map_overlap; named as dask_peer.py's own."""
import numpy as np
from numba import njit


@njit(nogil=True)
def laplacian(block):
    out = np.zeros_like(block)
    for i in range(1, block.shape[0] - 1):
        for j in range(1, block.shape[1] - 1):
            out[i, j] = block[i - 1, j] + block[i + 1, j] + block[i, j - 1] + block[i, j + 1] - 4 * block[i, j]
    return out


@njit(nogil=True, fastmath=True)
def mean3x3(block):
    out = np.zeros_like(block)
    for i in range(1, block.shape[0] - 1):
        for j in range(1, block.shape[1] - 1):
            total = 0.0
            for k in range(-1, 2):
                total += block[i + k, j - 1] + block[i + k, j] + block[i + k, j + 1]
            out[i, j] = total / 9
    return out
