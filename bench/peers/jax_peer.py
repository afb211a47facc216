"""JAX on the CPU, in float64, compiled as a whole before the clock starts; it chooses its own threads."""
from peer import make, measure, np
import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def compiled(function, *arguments):
    run = jax.jit(function)
    run(*arguments).block_until_ready()
    return lambda: run(*arguments).block_until_ready()


def of(function, inputs=1):
    return lambda w, c: compiled(function, *[jnp.asarray(make(w, seed + 1)) for seed in range(inputs)])


def normal_mean(w, c):
    return compiled(lambda key: (10 + 0.1 * jax.random.normal(key, w["shape"], "float64")).mean(axis=0).mean(), jax.random.PRNGKey(1))


def chain(x, y):
    return (jnp.sin(x) ** 2 + jnp.cos(x) ** 2 * y - x.dtype.type(0.5) * x).sum(dtype="float64")


def laplacian(x):
    p = jnp.pad(x, 1, mode="edge")
    return ((p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:] - 4 * x) ** 2).sum()


def mean3x3(x):
    p = jnp.pad(x, 1, mode="edge")
    n, m = x.shape
    return ((sum(p[i : i + n, j : j + m] for i in range(3) for j in range(3)) / 9) ** 2).sum()


def take(w, c):
    taken = jnp.asarray((np.arange(w["taken"]) * 7919) % w["shape"][0])
    return compiled(lambda x: x[taken, :].sum() + x[:, taken].sum(), jnp.asarray(make(w, 1)))


def nan_reductions(x):
    return jnp.nansum(x) + jnp.nanmean(x) + jnp.nanstd(x) + jnp.nanmax(x)


def standardise(x):
    y = jnp.clip(jnp.where(x > 0, x, 0.1 * x), -0.04, 0.4)
    return (((y - y.mean(0)) / y.std(0)) ** 2).sum()


measure("jax", f"jax {jax.__version__}", {
    "W1": normal_mean, "W3": of(chain, 2), "W3f32": of(chain, 2), "W4": of(lambda x, y: (x + y).sum(), 2), "W6": of(lambda x: (x + x.T).mean()),
    "W8": of(lambda a, b: jnp.abs(a @ b).sum(), 2), "W9laplacian": of(laplacian), "W9mean3x3": of(mean3x3), "W13take": take,
    "W17": of(nan_reductions), "W18": of(standardise),
})
