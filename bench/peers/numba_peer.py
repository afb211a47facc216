"""Numba: loops fused by hand, parallel, fastmath. What a Python programmer reaches who writes the loops; compiled before the clock starts."""
from peer import make, measure, np, threads
import numba
from numba import njit, prange

numba.set_num_threads(threads)
FAST = dict(parallel=True, fastmath=True, nogil=True)


@njit(**FAST)
def chain_kernel(x, y):
    total = 0.0
    half = x.dtype.type(0.5)
    for i in prange(x.size):
        s, c = np.sin(x[i]), np.cos(x[i])
        total += s * s + c * c * y[i] - half * x[i]
    return total


@njit(**FAST)
def add_kernel(x, y):
    total = 0.0
    for i in prange(x.size):
        total += x[i] + y[i]
    return total


@njit(**FAST)
def transpose_kernel(x):
    n, block = x.shape[0], 64
    total = 0.0
    for bi in prange((n + block - 1) // block):
        part = 0.0
        for bj in range((n + block - 1) // block):
            for i in range(bi * block, min(bi * block + block, n)):
                for j in range(bj * block, min(bj * block + block, n)):
                    part += x[i, j] + x[j, i]
        total += part
    return total / (n * n)


@njit(**FAST)
def mask_kernel(x):
    total = 0.0
    for i in prange(x.size):
        total += x[i] if x[i] > 0 else 0.0
    return total


@njit(parallel=True, nogil=True)  # fastmath would let NaN be assumed away
def nan_kernel(x, parts):
    found = np.zeros((parts, 4))
    for t in prange(parts):
        total = squares = 0.0
        count, largest = 0, -np.inf
        for i in range(x.size * t // parts, x.size * (t + 1) // parts):
            v = x[i]
            if v == v:
                total += v
                squares += v * v
                count += 1
                largest = max(largest, v)
        found[t] = np.array((total, squares, float(count), largest))
    total, squares, count = found[:, 0].sum(), found[:, 1].sum(), found[:, 2].sum()
    mean = total / count
    return total + mean + np.sqrt(squares / count - mean * mean) + found[:, 3].max()


@njit
def squashed(v):
    return min(max(v if v > 0 else 0.1 * v, -0.04), 0.4)


@njit(**FAST)
def standardise_kernel(x, parts):
    n, m = x.shape
    sums, squares = np.zeros((parts, m)), np.zeros((parts, m))
    for t in prange(parts):
        for i in range(n * t // parts, n * (t + 1) // parts):
            for j in range(m):
                v = squashed(x[i, j])
                sums[t, j] += v
                squares[t, j] += v * v
    mean = sums.sum(axis=0) / n
    scale = np.sqrt(squares.sum(axis=0) / n - mean * mean)
    total = 0.0
    for i in prange(n):
        part = 0.0
        for j in range(m):
            z = (squashed(x[i, j]) - mean[j]) / scale[j]
            part += z * z
        total += part
    return total


@njit(parallel=True, nogil=True)
def normal_kernel(n, m, parts):
    sums = np.zeros((parts, m))
    for t in prange(parts):
        for i in range(n * t // parts, n * (t + 1) // parts):
            for j in range(m):
                sums[t, j] += np.random.normal(10.0, 0.1)
    return sums.sum(axis=0) / n


def compiled(kernel, *inputs, extra=()):
    kernel(*[(x[:64, :64] if x.ndim == 2 else x[:64]).copy() for x in inputs], *extra)
    return lambda: kernel(*inputs, *extra)


def normal_mean(w, c):
    normal_kernel(4, 4, threads)
    return lambda: normal_kernel(*w["shape"], threads).mean()


def two(kernel):
    return lambda w, c: compiled(kernel, make(w, 1), make(w, 2))


def one(kernel, *extra):
    return lambda w, c: compiled(kernel, make(w, 1), extra=extra)


measure("numba", f"numba {numba.__version__}", {
    "W1": normal_mean, "W3": two(chain_kernel), "W3f32": two(chain_kernel), "W4": two(add_kernel), "W6": one(transpose_kernel),
    "W13": one(mask_kernel), "W17": one(nan_kernel, threads), "W18": one(standardise_kernel, threads),
})
