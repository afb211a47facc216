"""numexpr where it is natural. It reduces on one thread only ("fused"); else a temporary is written on all and NumPy sums it."""
from peer import make, measure, np, threads
import numexpr as ne

ne.set_num_threads(threads)


def summed(expression, w, c, **values):
    if c.get("fused"):
        return lambda: ne.evaluate(f"sum({expression})", values)
    return lambda: ne.evaluate(expression, values).sum(dtype="float64")


def chain(w, c):
    x = make(w, 1)
    return summed("sin(x)**2 + cos(x)**2*y - h*x", w, c, x=x, y=make(w, 2), h=x.dtype.type(0.5))


def add_sum(w, c):
    return summed("x + y", w, c, x=make(w, 1), y=make(w, 2))


def transpose_mean(w, c):
    x = make(w, 1)
    return lambda: ne.evaluate("x + xt", {"x": x, "xt": x.T}).mean()


def mask(w, c):
    x = make(w, 1)
    return lambda: ne.evaluate("sum(where(x > 0, x, 0))", {"x": x})


def standardise(w, c):
    x = make(w, 1)

    def work():
        y = ne.evaluate("where(x > 0, x, 0.1*x)", {"x": x})
        y = ne.evaluate("where(y < -0.04, -0.04, where(y > 0.4, 0.4, y))", {"y": y})
        return ne.evaluate("sum(((y - m)/s)**2)", {"y": y, "m": y.mean(axis=0), "s": y.std(axis=0)})

    return work


measure("numexpr", f"numexpr {ne.__version__}", {
    "W3": chain, "W3f32": chain, "W4": add_sum, "W6": transpose_mean, "W13": mask, "W18": standardise,
})
