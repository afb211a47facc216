"""Dask Array. Configuration: scheduler "threads", "synchronous" or "processes" (a local cluster); chunks; run.ts sets up the allocator."""
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
    return lambda: sum(float(getattr(x, op)(axis=axis).compute().sum()) for op in ("mean", "std", "var") for axis in range(3))


def transpose_mean(w, c):
    x = make(w, 1)
    return lambda: (x + x.T).mean().compute()


def matmul(w, c):
    a, b = make(w, 1), make(w, 2)
    return lambda: abs(a @ b).sum().compute()


def cumsum(w, c):
    x = make(w, 1)
    return lambda: x.cumsum(axis=0).sum().compute() + x.cumsum(axis=1).sum().compute()


def argmax(w, c):
    x = make(w, 1)
    return lambda: float(da.argmax(x, axis=0).compute().sum()) + float(da.argmax(x).compute())


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


def tree_cpu():
    """CPU seconds of this process and of the cluster's workers."""
    import psutil

    me = psutil.Process()
    return sum(sum(p.cpu_times()[:2]) for p in [me, *me.children(recursive=True)])


if __name__ == "__main__":
    if scheduler == "processes":
        from distributed import Client, LocalCluster

        cluster = LocalCluster(n_workers=threads, threads_per_worker=1, processes=True, memory_limit=0, dashboard_address=None)
        client = Client(cluster)
    else:
        dask.config.set(scheduler=scheduler, num_workers=threads)
    measure("dask", f"dask {dask.__version__}", {
        "W1": normal_mean, "W2": random_sum, "W3": chain, "W3f32": chain, "W4": add_sum, "W5": moments, "W6": transpose_mean,
        "W8": matmul, "W10": cumsum, "W11": argmax, "W13": mask, "W13take": take, "W17": nan_reductions, "W18": standardise,
        "T1": ones_sum, "T1add": ones_add_sum, "T2": ones_sum,
    }, own_cpu=tree_cpu if scheduler == "processes" else None)
    if scheduler == "processes":
        client.close()
        cluster.close()
