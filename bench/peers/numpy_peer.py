"""NumPy, straightforward; BLAS on all threads."""
from peer import make, measure, np


def drawn(config, method, *args):
    generator = config["generator"]
    if generator == "legacy":
        return getattr(np.random, method)(*args)
    return getattr(np.random.Generator(getattr(np.random, generator)(1)), method)(*args)


def normal_mean(w, c):
    return lambda: drawn(c, "normal", 10, 0.1, w["shape"]).mean(axis=0).mean()


def random_sum(w, c):
    return lambda: drawn(c, "random", tuple(w["shape"])).sum()


def chain(w, c):
    x, y = make(w, 1), make(w, 2)
    half = x.dtype.type(0.5)
    return lambda: (np.sin(x) ** 2 + np.cos(x) ** 2 * y - half * x).sum(dtype="float64")


def add_sum(w, c):
    x, y = make(w, 1), make(w, 2)
    return lambda: (x + y).sum()


def moments(w, c):
    x = make(w, 1)
    return lambda: sum(float(getattr(x, op)(axis=axis).sum()) for op in ("mean", "std", "var") for axis in range(3))


def transpose_mean(w, c):
    x = make(w, 1)
    return lambda: (x + x.T).mean()


def column_sums(w, c):
    x, width = make(w, 1), w["to"][1]

    def work():
        blocks = [np.ascontiguousarray(x[:, j : j + width]) for j in range(0, x.shape[1], width)]
        return (np.concatenate([block.sum(axis=0) for block in blocks]) * np.arange(x.shape[1])).sum()

    return work


def matmul(w, c):
    a, b = make(w, 1), make(w, 2)
    return lambda: np.abs(a @ b).sum()


def laplacian(w, c):
    x = make(w, 1)

    def work():
        p = np.pad(x, 1, mode="edge")
        return ((p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:] - 4 * x) ** 2).sum()

    return work


def mean3x3(w, c):
    from scipy.ndimage import uniform_filter

    x = make(w, 1)
    return lambda: (uniform_filter(x, 3, mode="nearest") ** 2).sum()


def cumsum(w, c):
    x = make(w, 1)
    return lambda: x.cumsum(axis=0).sum() + x.cumsum(axis=1).sum()


def argmax(w, c):
    x = make(w, 1)
    return lambda: float(x.argmax(axis=0).sum()) + float(x.argmax())


def largest(w, c):
    x, k = make(w, 1), w["taken"]
    return lambda: np.partition(x, -k)[-k:].sum()


def percentiles(w, c):
    x = make(w, 1)
    return lambda: np.percentile(x, [1, 50, 99]) @ np.array([1.0, 2.0, 3.0])


def histogram(w, c):
    x, bins = make(w, 1), np.arange(w["bins"])
    return lambda: (np.histogram(x, bins=w["bins"], range=(-0.5, 0.5))[0] * bins).sum()


def mask(w, c):
    x = make(w, 1)
    return lambda: x[x > 0].sum()


def take(w, c):
    x = make(w, 1)
    rows = (np.arange(w["taken"]) * 7919) % w["shape"][0]
    return lambda: x[rows, :].sum() + x[:, rows].sum()


def nan_reductions(w, c):
    x = make(w, 1)
    return lambda: np.nansum(x) + np.nanmean(x) + np.nanstd(x) + np.nanmax(x)


def standardise(w, c):
    x = make(w, 1)

    def work():
        y = np.clip(np.where(x > 0, x, 0.1 * x), -0.04, 0.4)
        z = (y - y.mean(axis=0)) / y.std(axis=0)
        return (z * z).sum()

    return work


measure("numpy", f"numpy {np.__version__}", {
    "W1": normal_mean, "W2": random_sum, "W3": chain, "W3f32": chain, "W4": add_sum, "W5": moments, "W6": transpose_mean,
    "W7": column_sums, "W8": matmul, "W9laplacian": laplacian, "W9mean3x3": mean3x3, "W10": cumsum, "W11argmax": argmax, "W11topk": largest,
    "W11percentile": percentiles, "W12": histogram, "W13": mask, "W13take": take, "W17": nan_reductions, "W18": standardise,
})
