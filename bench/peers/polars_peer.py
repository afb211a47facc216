"""Polars, a column engine, where a workload is a query of columns."""
from peer import make, measure
import polars as pl


def columns(w, *names):
    return pl.DataFrame({name: make(w, seed) for seed, name in enumerate(names, 1)}).lazy()


def query(*names):
    def prepare(expression):
        def workload(w, c):
            frame = columns(w, *names)
            return lambda: frame.select(expression(w)).collect().item()

        return workload

    return prepare


x, y = pl.col("x"), pl.col("y")


def percentiles(w):
    return sum(k * x.quantile(q, interpolation="linear") for k, q in ((1, 0.01), (2, 0.5), (3, 0.99)))


chain = query("x", "y")(lambda w: (x.sin() ** 2 + x.cos() ** 2 * y - 0.5 * x).cast(pl.Float64).sum())
measure("polars", f"polars {pl.__version__}", {
    "W3": chain, "W3f32": chain, "W4": query("x", "y")(lambda w: (x + y).sum()), "W13": query("x")(lambda w: x.filter(x > 0).sum()),
    "W11topk": query("x")(lambda w: x.top_k(w["taken"]).sum()), "W11percentile": query("x")(percentiles),
})
