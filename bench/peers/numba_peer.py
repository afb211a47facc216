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
def uniform_kernel(n, parts):
    total = 0.0
    for t in prange(parts):
        part = 0.0
        for _ in range(n * t // parts, n * (t + 1) // parts):
            part += np.random.random()
        total += part
    return total


@njit
def three_moments(total, squares, n):
    mean = total / n
    variance = squares / n - mean * mean
    return mean + variance + np.sqrt(variance)


@njit(**FAST)
def middle_moments_kernel(x, parts):
    """Mean, variance and standard deviation along the middle axis, added up; a band of columns at a time."""
    outer, n, columns = x.shape
    total = 0.0
    for t in prange(outer * parts):
        i, lo, hi = t // parts, columns * (t % parts) // parts, columns * (t % parts + 1) // parts
        sums, squares = np.zeros(hi - lo), np.zeros(hi - lo)
        for k in range(n):
            for j in range(hi - lo):
                v = x[i, k, lo + j]
                sums[j] += v
                squares[j] += v * v
        part = 0.0
        for j in range(hi - lo):
            part += three_moments(sums[j], squares[j], n)
        total += part
    return total


@njit(**FAST)
def last_moments_kernel(x):
    rows, n = x.shape
    total = 0.0
    for i in prange(rows):
        sums, squares = 0.0, 0.0
        for j in range(n):
            sums += x[i, j]
            squares += x[i, j] * x[i, j]
        total += three_moments(sums, squares, n)
    return total


@njit(**FAST)
def column_sums_kernel(x, parts):
    n, m = x.shape
    sums = np.zeros((parts, m))
    for t in prange(parts):
        for i in range(n * t // parts, n * (t + 1) // parts):
            for j in range(m):
                sums[t, j] += x[i, j]
    return (sums.sum(axis=0) * np.arange(m)).sum()


@njit(**FAST)
def laplacian_kernel(x):
    n, m = x.shape
    total = 0.0
    for i in prange(n):
        up, down, part = max(i - 1, 0), min(i + 1, n - 1), 0.0
        for j in range(1, m - 1):
            v = x[up, j] + x[down, j] + x[i, j - 1] + x[i, j + 1] - 4 * x[i, j]
            part += v * v
        for j in (0, m - 1):
            v = x[up, j] + x[down, j] + x[i, max(j - 1, 0)] + x[i, min(j + 1, m - 1)] - 4 * x[i, j]
            part += v * v
        total += part
    return total


@njit(**FAST)
def mean3x3_kernel(x):
    n, m = x.shape
    total = 0.0
    for i in prange(n):
        up, down, part = max(i - 1, 0), min(i + 1, n - 1), 0.0
        for j in range(1, m - 1):
            v = (x[up, j - 1] + x[up, j] + x[up, j + 1] + x[i, j - 1] + x[i, j] + x[i, j + 1] + x[down, j - 1] + x[down, j] + x[down, j + 1]) / 9
            part += v * v
        for j in (0, m - 1):
            l, r = max(j - 1, 0), min(j + 1, m - 1)
            v = (x[up, l] + x[up, j] + x[up, r] + x[i, l] + x[i, j] + x[i, r] + x[down, l] + x[down, j] + x[down, r]) / 9
            part += v * v
        total += part
    return total


@njit(**FAST)
def cumsum_kernel(x, parts):
    """Down the columns, a band of columns a thread; then along the rows."""
    n, m = x.shape
    total = 0.0
    for t in prange(parts):
        lo, hi = m * t // parts, m * (t + 1) // parts
        running, part = np.zeros(hi - lo), 0.0
        for i in range(n):
            for j in range(hi - lo):
                running[j] += x[i, lo + j]
                part += running[j]
        total += part
    for i in prange(n):
        sum_so_far, part = 0.0, 0.0
        for j in range(m):
            sum_so_far += x[i, j]
            part += sum_so_far
        total += part
    return total


@njit(parallel=True, nogil=True)
def argmax_kernel(x, parts):
    n, m = x.shape
    total = 0
    best, place = np.full((parts, m), -np.inf), np.zeros((parts, m), np.int64)
    for t in prange(parts):
        for i in range(n * t // parts, n * (t + 1) // parts):
            for j in range(m):
                if x[i, j] > best[t, j]:
                    best[t, j] = x[i, j]
                    place[t, j] = i
    for j in range(m):
        total += place[np.argmax(best[:, j]), j]
    tops, places = np.full(parts, -np.inf), np.zeros(parts, np.int64)
    flat = x.reshape(-1)
    for t in prange(parts):
        for i in range(flat.size * t // parts, flat.size * (t + 1) // parts):
            if flat[i] > tops[t]:
                tops[t] = flat[i]
                places[t] = i
    return total + places[np.argmax(tops)]


@njit(parallel=True, nogil=True)
def largest_kernel(x, k, parts):
    """Each thread keeps its k largest in a heap whose least one has to be beaten."""
    kept = np.empty((parts, k))
    for t in prange(parts):
        lo, hi = x.size * t // parts, x.size * (t + 1) // parts
        heap = np.sort(x[lo : lo + k])
        for i in range(lo + k, hi):
            if x[i] > heap[0]:
                heap[0] = x[i]
                at = 0
                while 2 * at + 1 < k:
                    child = 2 * at + 1
                    if child + 1 < k and heap[child + 1] < heap[child]:
                        child += 1
                    if heap[at] <= heap[child]:
                        break
                    heap[at], heap[child] = heap[child], heap[at]
                    at = child
        kept[t] = heap
    return np.sort(kept.reshape(-1))[-k:].sum()


@njit(**FAST)
def histogram_kernel(x, bins, parts):
    counts = np.zeros((parts, bins), np.int64)
    for t in prange(parts):
        own = np.zeros(bins, np.int64)
        for i in range(x.size * t // parts, x.size * (t + 1) // parts):
            own[min(int((x[i] + 0.5) * bins), bins - 1)] += 1
        counts[t] = own
    return (counts.sum(axis=0) * np.arange(bins)).sum()


@njit(**FAST)
def take_kernel(x, taken):
    total = 0.0
    for i in prange(taken.size):
        part = 0.0
        for j in range(x.shape[1]):
            part += x[taken[i], j]
        total += part
    for i in prange(x.shape[0]):
        part = 0.0
        for j in taken:
            part += x[i, j]
        total += part
    return total


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
    kernel(*[x[tuple(slice(2000) if x.ndim == 1 else slice(16) for _ in x.shape)].copy() for x in inputs], *extra)
    return lambda: kernel(*inputs, *extra)


def normal_mean(w, c):
    normal_kernel(4, 4, threads)
    return lambda: normal_kernel(*w["shape"], threads).mean()


def uniform_sum(w, c):
    uniform_kernel(4, threads)
    return lambda: uniform_kernel(int(np.prod(w["shape"])), threads)


def take(w, c):
    x = make(w, 1)
    taken = (np.arange(w["taken"]) * 7919) % w["shape"][0]
    take_kernel(x[:8, :8].copy(), np.arange(8))
    return lambda: take_kernel(x, taken)


def moments(w, c):
    x = make(w, 1)
    a, b, n = x.shape
    views = x.reshape(1, a, b * n), x, x.reshape(a * b, n)
    first, second, third = compiled(middle_moments_kernel, views[0], extra=(8 * threads,)), compiled(middle_moments_kernel, views[1], extra=(1,)), compiled(last_moments_kernel, views[2])
    return lambda: first() + second() + third()


def two(kernel):
    return lambda w, c: compiled(kernel, make(w, 1), make(w, 2))


def one(kernel, *extra):
    return lambda w, c: compiled(kernel, make(w, 1), extra=extra)


def largest(w, c):
    return compiled(largest_kernel, make(w, 1), extra=(w["taken"], threads))


def histogram(w, c):
    return compiled(histogram_kernel, make(w, 1), extra=(w["bins"], threads))


measure("numba", f"numba {numba.__version__}", {
    "W1": normal_mean, "W2": uniform_sum, "W3": two(chain_kernel), "W3f32": two(chain_kernel), "W4": two(add_kernel),
    "W5": moments, "W6": one(transpose_kernel), "W7": one(column_sums_kernel, threads), "W9laplacian": one(laplacian_kernel),
    "W9mean3x3": one(mean3x3_kernel), "W10": one(cumsum_kernel, threads), "W11argmax": one(argmax_kernel, threads), "W11topk": largest,
    "W12": histogram, "W13": one(mask_kernel), "W13take": take, "W17": one(nan_kernel, threads), "W18": one(standardise_kernel, threads),
})
