"""The cases in JAX, one jitted step: CASE [--data FOLDER]."""
import cases, sys
import jax, jax.numpy as jnp, numpy as np, optax
from jax import lax

case = sys.argv[1]
keys = iter(jax.random.split(jax.random.PRNGKey(0), 64))


def init(*shape):
    bound = 1 / np.sqrt(np.prod(shape[:-1]))
    return jax.random.uniform(next(keys), shape, minval=-bound, maxval=bound)


def conv(x, w, stride=1, pad="VALID"):
    return lax.conv_general_dilated(x, w, (stride, stride), pad, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def norm(x, p):
    m = x.mean(-1, keepdims=True); v = ((x - m) ** 2).mean(-1, keepdims=True)
    return (x - m) * lax.rsqrt(v + 1e-5) * p[0] + p[1]


if case == "cnn":
    P = dict(w1=init(5, 5, 1, 10), b1=jnp.zeros(10), w2=init(5, 5, 10, 20), b2=jnp.zeros(20), w3=init(320, 50), b3=jnp.zeros(50), w4=init(50, 10), b4=jnp.zeros(10))

    def model(P, x, key):
        k1, k2 = jax.random.split(key); x = x.reshape(-1, 28, 28, 1)
        x = jax.nn.relu(pool(conv(x, P["w1"]) + P["b1"])); x = conv(x, P["w2"]) + P["b2"]
        x = x * jax.random.bernoulli(k1, 0.5, (x.shape[0], 1, 1, 20)) * 2
        x = jax.nn.relu(pool(x)).reshape(x.shape[0], -1); x = jax.nn.relu(x @ P["w3"] + P["b3"])
        x = x * jax.random.bernoulli(k2, 0.5, x.shape) * 2
        return jax.nn.log_softmax(x @ P["w4"] + P["b4"])
    opt = optax.sgd(0.01, 0.5)
elif case in ("mlp", "xor"):
    widths = [784, 512, 512, 10] if case == "mlp" else [2, 8, 2]; act = jax.nn.relu if case == "mlp" else jnp.tanh
    P = [(init(a, b), jnp.zeros(b)) for a, b in zip(widths, widths[1:])]

    def model(P, x, key):
        x = x.reshape(x.shape[0], -1)
        for w, b in P[:-1]: x = act(x @ w + b)
        return jax.nn.log_softmax(x @ P[-1][0] + P[-1][1])
    opt = optax.adam(1e-3) if case == "mlp" else optax.sgd(0.1)
elif case == "lstm":
    P = dict(e=init(65, 128), wx=init(128, 1024), wh=init(256, 1024), b=jnp.zeros(1024), o=init(256, 65), ob=jnp.zeros(65))

    def model(P, x, key):
        e = P["e"][x] @ P["wx"] + P["b"]; zero = jnp.zeros((x.shape[0], 256))

        def cell(carry, z):
            h, c = carry; i, f, g, o = jnp.split(z + h @ P["wh"], 4, -1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g); h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h
        return jax.nn.log_softmax(lax.scan(cell, (zero, zero), e.swapaxes(0, 1))[1].swapaxes(0, 1) @ P["o"] + P["ob"])
    opt = optax.adam(1e-3)
elif case == "gpt":
    L, D, H, T, V = 4, 128, 4, 128, 65
    ln = lambda: (jnp.ones(D), jnp.zeros(D))
    P = dict(te=init(V, D), pe=init(T, D), h=init(D, V), hb=jnp.zeros(V), ln=ln(), b=[dict(n1=ln(), n2=ln(), qkv=init(D, 3 * D), bq=jnp.zeros(3 * D),
        p=init(D, D), bp=jnp.zeros(D), f1=init(D, 4 * D), b1=jnp.zeros(4 * D), f2=init(4 * D, D), b2=jnp.zeros(D)) for _ in range(L)])
    mask = jnp.tril(jnp.ones((T, T), bool))

    def model(P, x, key):
        B = x.shape[0]; h = P["te"][x] + P["pe"]
        for b in P["b"]:
            q, k, v = jnp.moveaxis((norm(h, b["n1"]) @ b["qkv"] + b["bq"]).reshape(B, T, 3, H, D // H), 2, 0)
            a = jax.nn.softmax(jnp.where(mask, jnp.einsum("bthd,bshd->bhts", q, k) / np.sqrt(D // H), -1e9))
            h = h + jnp.einsum("bhts,bshd->bthd", a, v).reshape(B, T, D) @ b["p"] + b["bp"]
            h = h + jax.nn.gelu(norm(h, b["n2"]) @ b["f1"] + b["b1"], approximate=False) @ b["f2"] + b["b2"]
        return jax.nn.log_softmax(norm(h, P["ln"]) @ P["h"] + P["hb"])
    opt = optax.adamw(1e-3)
elif case == "resnet20":
    blocks = [(c, 2 if i > 0 and j == 0 else 1) for i, c in enumerate((16, 32, 64)) for j in range(3)]
    bn = lambda c: (jnp.ones(c), jnp.zeros(c))
    P, width = dict(w0=init(3, 3, 3, 16), n0=bn(16), b=[], h=init(64, 10), hb=jnp.zeros(10)), 16
    for c, s in blocks:
        P["b"].append(dict(w1=init(3, 3, width, c), n1=bn(c), w2=init(3, 3, c, c), n2=bn(c)))
        if s > 1: P["b"][-1].update(ws=init(1, 1, width, c), ns=bn(c))
        width = c

    def batch_norm(x, p):
        m, v = x.mean((0, 1, 2)), x.var((0, 1, 2))
        return (x - m) * lax.rsqrt(v + 1e-5) * p[0] + p[1]

    def model(P, x, key):
        x = jax.nn.relu(batch_norm(conv(x.transpose(0, 2, 3, 1), P["w0"], 1, "SAME"), P["n0"]))
        for (c, s), b in zip(blocks, P["b"]):
            pad = ((1, 1), (1, 1))
            y = jax.nn.relu(batch_norm(conv(x, b["w1"], s, pad), b["n1"]))
            y = batch_norm(conv(y, b["w2"], 1, pad), b["n2"])
            x = jax.nn.relu(y + (batch_norm(conv(x, b["ws"], s), b["ns"]) if "ws" in b else x))
        return jax.nn.log_softmax(x.mean((1, 2)) @ P["h"] + P["hb"])
    opt = optax.chain(optax.add_decayed_weights(1e-4), optax.sgd(0.1, 0.9))
else:
    raise SystemExit(f"no jax peer for {case}")

state, key = opt.init(P), next(keys)


@jax.jit
def update(P, state, x, y, key):
    def loss(P): return -jnp.take_along_axis(model(P, x, key), y[..., None], -1).mean()
    value, g = jax.value_and_grad(loss)(P); u, state = opt.update(g, state, P)
    return optax.apply_updates(P, u), state, value


def step(x, y):
    global P, state, key
    key, k = jax.random.split(key); P, state, value = update(P, state, x, y, k)
    return value


x, y, batch = cases.data(case, cases.option("--data"))
cases.run(f"jax {jax.__version__}", step, x, y, batch)
