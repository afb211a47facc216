"""Dask Array. Configuration: scheduler "threads", "synchronous" or "processes" (a local cluster, with `memory` for each worker); chunks;
kernel "numba" for stencils; measure.ts sets up the allocator."""
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # Dask's own threads do the work
os.environ["OMP_NUM_THREADS"] = "1"
from peer import make_block, measure, np, request, threads  # noqa: E402
import dask  # noqa: E402
import dask.array as da  # noqa: E402

config = request["config"]
scheduler = config["scheduler"]


def chunks_of(w):
    chunks = config.get("chunks", w.get("chunks", "auto"))
    return tuple(chunks) if isinstance(chunks, list) else chunks


def block(block_info=None, workload=None, seed=0):
    return make_block([tuple(map(int, span)) for span in block_info[None]["array-location"]], workload, seed)


def make(w, seed):
    shape, dtype = tuple(w["shape"]), np.dtype(w["dtype"])
    chunks = da.core.normalize_chunks(chunks_of(w), shape, dtype=dtype)
    x = da.map_blocks(block, chunks=chunks, dtype=dtype, meta=np.empty((0,) * len(shape), dtype), workload=w, seed=seed).persist()
    if scheduler == "processes":
        from distributed import wait

        wait(x)
    return x


def block_of_file(block_info=None, path=None):
    return np.array(np.load(path, mmap_mode="r")[tuple(slice(*map(int, span)) for span in block_info[None]["array-location"])])


def opened(w):
    """The input in a file: each task maps it and takes its block; from_array would send the whole of it to the workers."""
    chunks = da.core.normalize_chunks(tuple(w["chunks"]), tuple(w["shape"]), dtype=w["dtype"])
    return da.map_blocks(block_of_file, chunks=chunks, dtype=w["dtype"], meta=np.empty((0, 0)), path=request["file"])


def normal_mean(w, c):
    return lambda: da.random.normal(10, 0.1, size=tuple(w["shape"]), chunks=chunks_of(w)).mean(axis=0).compute().mean()


def random_sum(w, c):
    return lambda: da.random.random(tuple(w["shape"]), chunks=chunks_of(w)).sum().compute()


def chain(w, c):
    x, y = make(w, 1), make(w, 2)
    return lambda: (da.sin(x) ** 2 + da.cos(x) ** 2 * y - 0.5 * x).sum(dtype="float64").compute()


def add_sum(w, c):
    x, y = make(w, 1), make(w, 2)
    return lambda: (x + y).sum().compute()


def moments(w, c):
    x = make(w, 1)

    def work():
        found = [getattr(x, op)(axis=axis) for op in ("mean", "std", "var") for axis in range(3)]
        results = dask.compute(*found) if c.get("together") else [one.compute() for one in found]
        return sum(float(one.sum()) for one in results)

    return work


def transpose_mean(w, c):
    x = make(w, 1)
    return lambda: (x + x.T).mean().compute()


def transpose_sum(w, c):
    x = opened(w)
    return lambda: (x + x.T).sum().compute()


def column_sums(block):
    return block.sum(axis=0, keepdims=True)


def rechunked_sums(w, c):
    x, columns = opened(w) if w.get("file") else make(w, 1), np.arange(w["shape"][1])

    def work():
        y = x.rechunk(tuple(w["to"]))
        sums = y.map_blocks(column_sums, chunks=((1,), y.chunks[1]), dtype="float64").compute()
        return (sums * columns).sum()

    return work


def matmul(w, c):
    a, b = make(w, 1), make(w, 2)
    return lambda: abs(a @ b).sum().compute()


def laplacian(block):
    out = np.zeros_like(block)
    out[1:-1, 1:-1] = block[:-2, 1:-1] + block[2:, 1:-1] + block[1:-1, :-2] + block[1:-1, 2:] - 4 * block[1:-1, 1:-1]
    return out


def mean3x3(block):
    from scipy.ndimage import uniform_filter

    return uniform_filter(block, 3, mode="nearest")


def stencil(kernel):
    def prepare(w, c):
        x = make(w, 1)
        block = kernel
        if c.get("kernel") == "numba":
            import stencil_kernels

            block = getattr(stencil_kernels, kernel.__name__)
            block(np.zeros((8, 8)))  # compiled before the clock starts
        return lambda: (x.map_overlap(block, depth=1, boundary="nearest", dtype="float64", meta=np.empty((0, 0))) ** 2).sum().compute()

    return prepare


def cumsum(w, c):
    x = make(w, 1)
    return lambda: x.cumsum(axis=0).sum().compute() + x.cumsum(axis=1).sum().compute()


def argmax(w, c):
    x = make(w, 1)
    return lambda: float(da.argmax(x, axis=0).compute().sum()) + float(da.argmax(x).compute())


def largest(w, c):
    x = make(w, 1)
    return lambda: da.topk(x, w["taken"]).compute().sum()


def percentiles(w, c):
    x = make(w, 1)
    return lambda: da.percentile(x, [1, 50, 99]).compute() @ np.array([1.0, 2.0, 3.0])


def histogram(w, c):
    x, bins = make(w, 1), np.arange(w["bins"])
    return lambda: (da.histogram(x, bins=w["bins"], range=(-0.5, 0.5))[0].compute() * bins).sum()


def mask(w, c):
    x = make(w, 1)
    return lambda: x[x > 0].sum().compute()


def take(w, c):
    x = make(w, 1)
    rows = (np.arange(w["taken"]) * 7919) % w["shape"][0]
    return lambda: x[rows, :].sum().compute() + x[:, rows].sum().compute()


def nan_reductions(w, c):
    x = make(w, 1)
    return lambda: sum(float(v) for v in dask.compute(da.nansum(x), da.nanmean(x), da.nanstd(x), da.nanmax(x)))


def standardise(w, c):
    x = make(w, 1)

    def work():
        y = da.clip(da.where(x > 0, x, 0.1 * x), -0.04, 0.4)
        z = (y - y.mean(axis=0)) / y.std(axis=0)
        return (z * z).sum().compute()

    return work


def ones_sum(w, c):
    return lambda: da.ones(w["count"] * 8, chunks=8).sum().compute()


def ones_add_sum(w, c):
    return lambda: (da.ones(w["count"] * 8, chunks=8) + 1).sum().compute()


def chunk_sizes(w, c):
    """The same sum over the same memory in chunks of every size that has room for its temporaries."""
    import psutil
    from inputs import make as whole

    data = whole(w, 1)
    room = psutil.virtual_memory().available

    def summed(size):
        x = da.from_array(data, chunks=size // 8, name=False)
        return da.sqrt(x**2 + 1).sum().compute()

    return {str(size): lambda size=size: summed(size) for size in w["chunkBytes"] if 3 * threads * size < room}


if __name__ == "__main__":
    if scheduler == "processes":
        from distributed import Client, LocalCluster

        memory = config.get("memory", 0)
        cluster = LocalCluster(n_workers=threads, threads_per_worker=1, processes=True, memory_limit=memory, dashboard_address=None, silence_logs=40)
        client = Client(cluster)
    else:
        dask.config.set(scheduler=scheduler, num_workers=threads)
    measure("dask", f"dask {dask.__version__}", {
        "W1": normal_mean, "W2": random_sum, "W3": chain, "W3f32": chain, "W4": add_sum, "W5": moments, "W6": transpose_mean,
        "W7": rechunked_sums, "W8": matmul, "W9laplacian": stencil(laplacian), "W9mean3x3": stencil(mean3x3), "W10": cumsum,
        "W11argmax": argmax, "W11topk": largest, "W11percentile": percentiles, "W12": histogram, "W13": mask, "W13take": take,
        "W17": nan_reductions, "W18": standardise, "T1": ones_sum, "T1add": ones_add_sum, "T2": ones_sum, "C1": chunk_sizes, "M1": random_sum,
        "M2transpose": transpose_sum, "M2rechunk": rechunked_sums,
    }, several_processes=scheduler == "processes")
    if scheduler == "processes":
        client.close()
        cluster.close()
