"""Draws random programs over the operators, computes them with PyTorch in double precision, and has dlm
compare: forward values, gradients and, of every fourth program, gradients of gradients, within 1e-4 of
the largest element.

    python random_programs.py --dlm ../../../.build/debug/dlm --count 2000
    python random_programs.py --write random --count 60        (the golden programs that CI runs)

Needs torch. A program is a `test` of a dlm file with the numbers of PyTorch in it. Programs whose numbers are
not finite, too large for f32 or too near to a kink are drawn anew; the script says how many and why. A program
that does not agree is run again on f64, for what f32 cannot tell.
"""
import argparse, ast, collections, math, pathlib, random, re, subprocess, sys, tempfile
import torch, torch.nn.functional as F

torch.set_default_dtype(torch.float64)
PREFIX = """// Random programs with the numbers that PyTorch gives; made by random_programs.py.
fn near(a: real[...S], b: real[...S]) { expect max(abs(a - b)) <= 1e-4 * max(abs(b)) + 1e-5 }
fn scores(a: real[B, T, K], b: real[B, S, K]) { dot(a, b, over: K) }
fn straight(x: real[...S]) -> real[...S] { sign(x) } grad (g) { g * (abs(x) <= 1) }
fn recurred(x: real[B, T, D], w: real[D, D]) {
    scan xt in x over T, carry h = zeros[B, D] {
        h = tanh(xt + h @ w)
        emit h * xt
    }
}
fn repeated(x: real[...S]) {
    var h = x
    repeat i in 1..3 { h = sin(h) + x / i }
    h
}
"""


class Reject(Exception):
    pass


def text(t):
    if t.dim() == 0:
        v = t.item()
        return f"{v:.9g}" if any(c in f"{v:.9g}" for c in ".en") else f"{v:.9g}.0"
    return "[" + ", ".join(text(part) for part in t) + "]"


def whole(t):
    return str(t.item()) if t.dim() == 0 else "[" + ", ".join(whole(part) for part in t) + "]"


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.leaves, self.count, self.ops = [], [], 0, []
        self.values = []  # (name, tensor)

    def number(self, low=-1.5, high=1.5):
        return round(self.random.uniform(low, high), 3)

    def tensor(self, shape, low=-1.5, high=1.5):
        numbers = [self.number(low, high) for _ in range(math.prod(shape))]
        return torch.tensor(numbers).reshape(shape)

    def leaf(self, shape, low=-1.5, high=1.5):
        name, value = f"x{len(self.leaves)}", self.tensor(shape, low, high).requires_grad_()
        self.lines.append(f"let {name} = {text(value)}")
        self.leaves.append((name, value))
        return name, value

    def define(self, expression, value, op):
        if not torch.isfinite(value).all():
            raise Reject("not finite")
        if value.abs().max() > 1e3:
            raise Reject("large")
        name = f"v{self.count}"
        self.count += 1
        self.lines.append(f"let {name} = {expression}")
        self.values.append((name, value))
        self.ops.append(op)
        return name, value

    def step(self):
        name, x = self.values[-1] if self.random.random() < 0.8 else self.random.choice(self.values)
        op = self.random.choice(ELEMENTWISE if self.random.random() < 0.35 else OPS)
        result = op(self, name, x)
        if result is None:
            return False
        expression, value = result
        self.define(expression, value, op.__name__)
        return True


OPS, ELEMENTWISE = [], []


def op(f):
    OPS.append(f)
    return f


def axis_of(p, x):
    return p.random.randrange(x.dim())


def apart(x, gap=1e-3):
    """Numbers that are compared must not be nearly equal."""
    flat = x.detach().flatten().sort().values
    if flat.numel() > 1 and (flat[1:] - flat[:-1]).min() < gap:
        raise Reject("ties")


def off(x, *places, gap=1e-3):
    for place in places:
        if ((x.detach() - place).abs() < gap).any():
            raise Reject("kink")


def elementwise(names):
    for name, (source, f, check) in names.items():
        def make(source=source, f=f, check=check):
            def one(p, name, x):
                check and check(x)
                return source.format(name), f(x)
            return one
        one = make()
        one.__name__ = name
        ELEMENTWISE.append(one)


elementwise({
    "sin": ("sin({0})", torch.sin, None), "cos": ("cos({0})", torch.cos, None),
    "exp": ("exp(tanh({0}))", lambda x: torch.exp(torch.tanh(x)), None),
    "tanh": ("tanh({0})", torch.tanh, None), "sigmoid": ("real(sigmoid({0}))", torch.sigmoid, None),
    "relu": ("relu({0})", torch.relu, lambda x: off(x, 0)), "gelu": ("gelu({0})", F.gelu, None),
    "silu": ("silu({0})", F.silu, None), "softplus": ("softplus({0})", F.softplus, lambda x: off(x, 0)),
    "leaky_relu": ("leaky_relu({0}, 0.1)", lambda x: F.leaky_relu(x, 0.1), lambda x: off(x, 0)),
    "abs": ("abs({0})", torch.abs, lambda x: off(x, 0)),
    "sqrt": ("sqrt({0}^2 + 0.5)", lambda x: torch.sqrt(x**2 + 0.5), None),
    "log": ("log({0}^2 + 0.5)", lambda x: torch.log(x**2 + 0.5), None),
    "erf": ("erf({0})", torch.erf, None), "expm1": ("expm1(tanh({0}))", lambda x: torch.expm1(torch.tanh(x)), None),
    "log1p": ("log1p({0}^2)", lambda x: torch.log1p(x**2), None),
    "atan": ("atan({0})", torch.atan, None), "asin": ("asin(0.9 * tanh({0}))", lambda x: torch.asin(0.9 * torch.tanh(x)), None),
    "sinh": ("sinh(tanh({0}))", lambda x: torch.sinh(torch.tanh(x)), None),
    "cosh": ("cosh(tanh({0}))", lambda x: torch.cosh(torch.tanh(x)), None),
    "tan": ("tan(tanh({0}))", lambda x: torch.tan(torch.tanh(x)), None),
    "lgamma": ("lgamma({0}^2 + 0.5)", lambda x: torch.lgamma(x**2 + 0.5), None),
    "digamma": ("digamma({0}^2 + 1)", lambda x: torch.digamma(x**2 + 1), None),
    "trigamma": ("polygamma(1, {0}^2 + 1)", lambda x: torch.polygamma(1, x**2 + 1), None),
    "erf_inverse": ("erf_inverse(0.9 * tanh({0}))", lambda x: torch.erfinv(0.9 * torch.tanh(x)), None),
    "floor": ("{0} + floor(3 * {0})", lambda x: x + torch.floor(3 * x), lambda x: off(3 * x - torch.round(3 * x).detach(), 0)),
    "sign": ("{0} * sign({0})", lambda x: x * torch.sign(x), lambda x: off(x, 0)),
    "reciprocal": ("1 / ({0}^2 + 1)", lambda x: 1 / (x**2 + 1), None),
    "power": ("(abs({0}) + 0.5)^1.7", lambda x: (x.abs() + 0.5) ** 1.7, lambda x: off(x, 0)),
    "negate": ("-{0}", torch.neg, None), "square": ("{0}^2", torch.square, None),
    "modulo": ("{0} % 0.7", lambda x: torch.remainder(x, 0.7), lambda x: off(torch.remainder(x.detach(), 0.7), 0, 0.7, gap=5e-3)),
    "clamp": ("clamp({0}, -1, 1)", lambda x: x.clamp(-1, 1), lambda x: off(x, -1, 1)),
    "stop_gradient": ("{0} * stop_gradient({0})", lambda x: x * x.detach(), None),
    "xlogy": ("xlogy({0}, {0}^2 + 0.5)", lambda x: torch.xlogy(x, x**2 + 0.5), None),
    "log2": ("log2({0}^2 + 0.5)", lambda x: torch.log2(x**2 + 0.5), None),
    "log10": ("log10({0}^2 + 0.5)", lambda x: torch.log10(x**2 + 0.5), None),
    "cast": ("{0} * real({0} > 0.1)", lambda x: x * (x > 0.1), lambda x: off(x, 0.1)),
    "ceil": ("{0} - ceil(2 * {0})", lambda x: x - torch.ceil(2 * x), lambda x: off(2 * x - torch.round(2 * x).detach(), 0)),
    "round": ("{0} + round(2 * {0})", lambda x: x + torch.round(2 * x), lambda x: off(2 * x - torch.floor(2 * x).detach(), 0.5)),
    "acos": ("acos(0.9 * tanh({0}))", lambda x: torch.acos(0.9 * torch.tanh(x)), None),
    "is_nan": ("select(is_nan({0}), 1.0, 2 * {0})", lambda x: 2 * x, None),
    "logic": ("{0} * real(({0} > -0.6 and {0} <= 0.3) or not ({0} < 0.7))",
              lambda x: x * (((x > -0.6) & (x <= 0.3)) | ~(x < 0.7)), lambda x: off(x, -0.6, 0.3, 0.7)),
    "equality": ("{0} * real({0} == {0}) + real({0} != {0})", lambda x: x.clone(), None),
    "lerp": ("lerp({0}, sin({0}), 0.3)", lambda x: torch.lerp(x, torch.sin(x), 0.3), None),
    "fill": ("fill({0}, 0.5, where: {0} > 0.2)", lambda x: x.masked_fill(x > 0.2, 0.5), lambda x: off(x, 0.2)),
    "log_add": ("log_add({0}, 1 - {0})", lambda x: torch.logaddexp(x, 1 - x), lambda x: off(2 * x, 1)),
    "cube": ("{0}^3", lambda x: x**3, None),
    "straight": ("straight({0})", lambda x: torch.sign(x).detach() + x.clamp(-1, 1) - x.clamp(-1, 1).detach(),
                 lambda x: off(x, -1, 0, 1)),
    "repeated": ("repeated({0})", lambda x: (lambda h: torch.sin(torch.sin(h) + x / 2) + x / 3)(torch.sin(x) + x), None),
    "vjp": ("vjp(sin({0}), {0}^2, wrt: {0})", lambda x: x**2 * torch.cos(x), None),
    "jvp": ("jvp(cos({0}), {0}, wrt: {0})", lambda x: -x * torch.sin(x), None),
    "gradient": ("grad(sum(exp(sin({0}))), wrt: {0})", lambda x: torch.exp(torch.sin(x)) * torch.cos(x), None),
    "checkpointed": ("{0} |> checkpointed(fn (x) {{ sin(x) * exp(-x^2) }})", lambda x: torch.sin(x) * torch.exp(-(x**2)), None),
})


@op
def binary(p, name, x):
    sign, f = p.random.choice([("+", torch.add), ("-", torch.sub), ("*", torch.mul)])
    shape = list(x.shape)
    kind = p.random.randrange(4)
    if kind == 1 and shape:
        shape = shape[1:]
    if kind == 2 and shape:
        shape[p.random.randrange(len(shape))] = 1
    other, y = p.leaf(shape) if kind < 3 else p.values[-1]
    if kind == 3 and y.shape != x.shape:
        return None
    if p.random.random() < 0.5:
        return f"{name} {sign} {other}", f(x, y)
    return f"{other} {sign} {name}", f(y, x)


@op
def divide(p, name, x):
    other, y = p.leaf(list(x.shape), 0.6, 2)
    return f"{name} / {other}", x / y


@op
def extremes(p, name, x):
    other, y = p.leaf(list(x.shape))
    off(x - y, 0)
    word, f = p.random.choice([("minimum", torch.minimum), ("maximum", torch.maximum)])
    return f"{word}({name}, {other})", f(x, y)


@op
def atan2(p, name, x):
    other, y = p.leaf(list(x.shape), 0.5, 2)
    return f"atan2({name}, {other})", torch.atan2(x, y)


@op
def select(p, name, x):
    other, y = p.leaf(list(x.shape))
    off(x - y, 0)
    return f"select({name} > {other}, {name}, 2 * {other})", torch.where(x > y, x, 2 * y)


@op
def reduction(p, name, x):
    if x.dim() == 0:
        return None
    axis, keep = axis_of(p, x), p.random.random() < 0.3
    word = p.random.choice(["sum", "mean", "max", "min", "product"])
    if word in ("max", "min"):
        apart(x)
    f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax, "min": torch.amin, "product": torch.prod}[word]
    value = f(x, axis, keepdim=True) if keep else f(x, axis)
    return f"{word}({name}, over: {axis}{', keep: true' if keep else ''})", value


@op
def statistic(p, name, x):
    if x.dim() == 0 or x.shape[-1] < 2:
        return None
    kind = p.random.randrange(6)
    if kind == 0:
        return f"logsumexp({name}, over: -1)", torch.logsumexp(x, -1)
    if kind == 1:
        return f"variance({name}, over: -1)", x.var(-1, unbiased=False)
    if kind == 2:
        return f"variance({name}, over: -1, unbiased: true)", x.var(-1)
    if kind == 3:
        return f"deviation({name} + {text(torch.arange(x.shape[-1]) * 0.3)}, over: -1)", (x + torch.arange(x.shape[-1]) * 0.3).std(-1, unbiased=False)
    if kind == 4:
        off(x, 0)
        return f"norm({name}, over: -1, p: 3)", x.abs().pow(3).sum(-1).pow(1 / 3)
    return f"norm({name}, over: -1)", torch.linalg.vector_norm(x, dim=-1)


@op
def pickings(p, name, x):
    if x.dim() == 0:
        return None
    apart(x)
    word, f = p.random.choice([("argmax", torch.argmax), ("argmin", torch.argmin)])
    index = f(x.detach(), -1)
    return f"pick({name}, {word}({name}, over: -1), over: -1)", x.gather(-1, index.unsqueeze(-1)).squeeze(-1)


@op
def running(p, name, x):
    if x.dim() == 0:
        return None
    axis = axis_of(p, x)
    word = p.random.choice(["cumsum", "cumprod", "cummax", "cummin"])
    if word in ("cummax", "cummin"):
        apart(x)
    f = {"cumsum": torch.cumsum, "cumprod": torch.cumprod, "cummax": lambda x, a: torch.cummax(x, a).values,
         "cummin": lambda x, a: torch.cummin(x, a).values}[word]
    return f"{word}({name}, over: {axis})", f(x, axis)


@op
def sorting(p, name, x):
    if x.dim() == 0:
        return None
    apart(x)
    axis, down = axis_of(p, x), p.random.random() < 0.5
    return f"sort({name}, over: {axis}, descending: {str(down).lower()})", torch.sort(x, axis, descending=down).values


@op
def largest(p, name, x):
    if x.dim() == 0:
        return None
    apart(x)
    k = p.random.randint(1, x.shape[-1])
    return f"top({k}, {name})[0]", torch.topk(x, k, -1).values


@op
def softmax(p, name, x):
    if x.dim() == 0:
        return None
    axis = axis_of(p, x)
    word, f = p.random.choice([("softmax", torch.softmax), ("log_softmax", torch.log_softmax)])
    return f"real({word}({name}, over: {axis}))", f(x, axis)


@op
def transposed(p, name, x):
    return (f"{name}.T", x.transpose(-1, -2)) if x.dim() >= 2 else None


@op
def reshaped(p, name, x):
    shape = list(x.shape)
    if len(shape) > 1 and p.random.random() < 0.6:
        at = p.random.randrange(len(shape) - 1)
        shape[at:at + 2] = [shape[at] * shape[at + 1]]
    else:
        splits = [(i, d) for i, n in enumerate(shape) for d in (2, 3) if n % d == 0 and n > d]
        if not splits or len(shape) > 3:
            return None
        at, d = p.random.choice(splits)
        shape[at:at + 1] = [d, shape[at] // d]
    return f"reshape({name}, {shape})", x.reshape(shape)


@op
def rearranged(p, name, x):
    if x.dim() != 3:
        return None
    a, b, c = x.shape
    return f"rearrange({name}, [A, B, C] -> [C, (A B)])", x.permute(2, 0, 1).reshape(c, a * b)


@op
def moved(p, name, x):
    if x.dim() == 0:
        return None
    axis = axis_of(p, x)
    if p.random.random() < 0.5:
        return f"flip({name}, over: {axis})", torch.flip(x, [axis])
    shift = p.random.randint(-3, 3)
    return f"roll({name}, {shift}, over: {axis})", torch.roll(x, shift, axis)


@op
def padded(p, name, x):
    if x.dim() == 0 or x.numel() > 60:
        return None
    mode = p.random.choice(["constant", "reflect", "edge"])
    n = x.shape[-1]
    low, high = p.random.randint(0, min(2, n - 1)), p.random.randint(0, min(2, n - 1))
    flat = x.reshape(1, -1, n)
    torch_mode = {"constant": "constant", "reflect": "reflect", "edge": "replicate"}[mode]
    value = F.pad(flat, (low, high), mode=torch_mode).reshape(*x.shape[:-1], n + low + high)
    return f'pad({name}, low: {low}, high: {high}, over: -1, mode: "{mode}")', value


@op
def parts(p, name, x):
    if x.dim() == 0 or x.shape[-1] < 2:
        return None
    n = x.shape[-1]
    cut = p.random.randint(1, n - 1)
    kind = p.random.randrange(4)
    if kind == 0:
        return f"{name}[.., {cut}]", x[..., cut]
    if kind == 1:
        return f"part({name}, {cut}..<{n}, over: -1)", x[..., cut:]
    if kind == 2:
        return f"split({name}, [{cut}, {n - cut}], over: -1)[1]", x[..., cut:]
    index = torch.tensor([p.random.randrange(n) for _ in range(3)])
    return f"{name}[.., index({whole(index)}, {n})]", x[..., index]


@op
def joined(p, name, x):
    if x.dim() == 0 or x.numel() > 40:
        return None
    axis = axis_of(p, x)
    if p.random.random() < 0.4:
        return f"stack({name}, 2 * {name}, over: {axis})", torch.stack([x, 2 * x], axis)
    shape = list(x.shape)
    shape[axis] = p.random.randint(1, 2)
    other, y = p.leaf(shape)
    return f"concatenate({name}, {other}, over: {axis})", torch.cat([x, y], axis)


@op
def taken(p, name, x):
    if x.dim() == 0:
        return None
    axis = axis_of(p, x)
    shape = list(x.shape)
    shape[axis] = p.random.randint(1, 3)
    index = torch.tensor([p.random.randrange(x.shape[axis]) for _ in range(math.prod(shape))]).reshape(shape)
    n = x.shape[axis]
    return f"take({name}, index({whole(index)}, {n}), over: {axis})", x.gather(axis, index)


@op
def scattered(p, name, x):
    if x.dim() == 0:
        return None
    n = x.shape[0]
    index = torch.tensor([p.random.randrange(4) for _ in range(n)])
    shape = [4] + list(x.shape[1:])
    value = torch.zeros(shape).index_add(0, index, x)
    return f"scatter_add({name}, index({whole(index)}, 4), dims: {shape}, over: 0)", value


@op
def one_hot(p, name, x):
    if x.dim() != 2:
        return None
    index = torch.tensor([p.random.randrange(x.shape[0]) for _ in range(3)])
    return f"real(one_hot(index({whole(index)}, {x.shape[0]}))) @ {name}", F.one_hot(index, x.shape[0]).double() @ x


@op
def product(p, name, x):
    if x.dim() < 1:
        return None
    n = p.random.randint(1, 4)
    if x.dim() >= 3 and p.random.random() < 0.5:
        other, w = p.leaf([*x.shape[:-2], x.shape[-1], n])
        return f"{name} @ {other}", x @ w
    if x.dim() >= 2 and p.random.random() < 0.3:
        other, w = p.leaf([n, x.shape[-1]])
        return f"{name} @ {other}.T", x @ w.T
    if x.dim() >= 2 and p.random.random() < 0.3:
        other, w = p.leaf([x.shape[-1]])
        return f"{name} @ {other}", x @ w
    other, w = p.leaf([x.shape[-1], n])
    if x.dim() == 1:
        return f"({name}[new, ..] @ {other})[0]", x @ w
    return f"{name} @ {other}", x @ w


@op
def scores(p, name, x):
    if x.dim() != 3:
        return None
    other, y = p.leaf([x.shape[0], 2, x.shape[2]])
    return f"scores({name}, {other})", torch.einsum("btk,bsk->bts", x, y)


def image(p, x, rank):
    """x as an image of `rank` spatial axes, and how it is written."""
    shape = {1: [1, 2, 6], 2: [1, 2, 4, 5], 3: [1, 2, 3, 3, 4]}[rank]
    count = math.prod(shape)
    if x.numel() < 1:
        raise Reject("empty")
    return shape, count


@op
def convolution(p, name, x):
    rank = p.random.choice([1, 2, 2, 3])
    shape, _ = image(p, x, rank)
    groups = p.random.choice([1, 1, 2])
    stride, pad, dilation = p.random.randint(1, 2), p.random.randint(0, 2), p.random.randint(1, 2)
    k = p.random.randint(1, 2)
    source, y = p.leaf(shape)
    out = 2 * p.random.randint(1, 2)
    weights, w = p.leaf([out, 2 // groups] + [k] * rank)
    f = [F.conv1d, F.conv2d, F.conv3d][rank - 1]
    value = f(y, w, stride=stride, padding=pad, dilation=dilation, groups=groups)
    text = f"convolve({source}, {weights}, stride: {stride}, pad: {pad}, groups: {groups}, dilation: {dilation})"
    return f"{text} * sum({name})", value * x.sum()


@op
def transposed_convolution(p, name, x):
    rank = p.random.choice([1, 2, 2, 3])
    shape = [1, 2] + [2, 3, 2][:rank]
    groups = p.random.choice([1, 2])
    stride, dilation = p.random.randint(1, 2), p.random.randint(1, 2)
    k, pad = 2, p.random.randint(0, 1)
    extra = p.random.randint(0, stride - 1)
    source, y = p.leaf(shape)
    weights, w = p.leaf([2, p.random.randint(1, 2)] + [k] * rank)
    f = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][rank - 1]
    value = f(y, w, stride=stride, padding=pad, output_padding=extra, groups=groups, dilation=dilation)
    text = (f"convolve_transposed({source}, {weights}, stride: {stride}, pad: {pad}, groups: {groups}, "
            f"dilation: {dilation}, extra: {extra})")
    return f"{text} + sum({name})", value + x.sum()


@op
def pooling(p, name, x):
    rank = p.random.choice([1, 2, 2, 3])
    shape, _ = image(p, x, rank)
    source, y = p.leaf(shape)
    apart(y, 1e-6)
    k, stride = 2, p.random.randint(1, 2)
    pad = p.random.randint(0, 1)
    if p.random.random() < 0.5:
        f = [F.max_pool1d, F.max_pool2d, F.max_pool3d][rank - 1]
        return f"max_pool({source}, k: {k}, stride: {stride}, pad: {pad}) * sum({name})", f(y, k, stride, pad) * x.sum()
    f = [F.avg_pool1d, F.avg_pool2d, F.avg_pool3d][rank - 1]
    return f"mean_pool({source}, k: {k}, stride: {stride}, pad: {pad}) * sum({name})", f(y, k, stride, pad) * x.sum()


@op
def adaptive(p, name, x):
    rank = p.random.choice([1, 2, 3])
    shape, _ = image(p, x, rank)
    source, y = p.leaf(shape)
    apart(y, 1e-6)
    sizes = [p.random.randint(1, n) for n in shape[2:]]
    if p.random.random() < 0.5:
        f = [F.adaptive_max_pool1d, F.adaptive_max_pool2d, F.adaptive_max_pool3d][rank - 1]
        return f"adaptive_max_pool({source}, {sizes}) * sum({name})", f(y, sizes) * x.sum()
    f = [F.adaptive_avg_pool1d, F.adaptive_avg_pool2d, F.adaptive_avg_pool3d][rank - 1]
    return f"adaptive_mean_pool({source}, {sizes}) * sum({name})", f(y, sizes) * x.sum()


@op
def unfolded(p, name, x):
    source, y = p.leaf([1, 2, 4, 5])
    k, stride, pad, dilation = 2, p.random.randint(1, 2), p.random.randint(0, 1), p.random.randint(1, 2)
    value = F.unfold(y, k, dilation, pad, stride)  # [1, C k k, T]
    size = [(n + 2 * pad - dilation * (k - 1) - 1) // stride + 1 for n in (4, 5)]
    value = value.reshape(1, 2, k, k, *size).permute(0, 1, 4, 5, 2, 3)
    return f"unfold({source}, k: {k}, stride: {stride}, pad: {pad}, dilation: {dilation}) * sum({name})", value * x.sum()


@op
def resized(p, name, x):
    source, y = p.leaf([1, 1, 3, 4])
    size = [p.random.randint(1, 6), p.random.randint(1, 6)]
    mode = p.random.choice(["nearest", "bilinear"])
    value = F.interpolate(y, size, mode=mode, **({"align_corners": False} if mode == "bilinear" else {}))
    return f'resize({source}, {size}, mode: "{mode}") * sum({name})', value * x.sum()


@op
def linear_algebra(p, name, x):
    n = p.random.randint(2, 3)
    batch = [2] if p.random.random() < 0.3 else []
    source, a = p.leaf(batch + [n, n], -0.7, 0.7)
    diagonal = torch.diag(torch.arange(n) * 1.5 + 2.0)
    regular, word = a + diagonal, f"({source} + {text(diagonal)})"
    total = f"sum({name})"
    kind = p.random.randrange(9)
    if kind == 0:
        right, b = p.leaf(batch + [n, 2])
        return f"solve({word}, {right}) * {total}", torch.linalg.solve(regular, b) * x.sum()
    if kind == 1:
        return f"inverse({word}) * {total}", torch.linalg.inv(regular) * x.sum()
    if kind == 2:
        return f"determinant({word}) + {total}", torch.linalg.det(regular) + x.sum()
    if kind == 3:
        return f"log_determinant({word}) + {total}", torch.linalg.slogdet(regular)[1] + x.sum()
    if kind == 4:
        symmetric = (regular + regular.transpose(-1, -2)) / 2
        return f"cholesky({word}) * {total}", torch.linalg.cholesky(symmetric) * x.sum()
    if kind == 5:
        symmetric = (regular + regular.transpose(-1, -2)) / 2
        return f"eigenvalues({word}) * {total}", torch.linalg.eigvalsh(symmetric) * x.sum()
    if kind == 6:
        symmetric = (regular + regular.transpose(-1, -2)) / 2
        vectors = torch.linalg.eigh(symmetric)[1]
        return f"eigenvectors({word})^2 * {total}", vectors**2 * x.sum()
    q, r = torch.linalg.qr(regular)
    sign = torch.sign(torch.diagonal(r, dim1=-2, dim2=-1)).detach()
    if kind == 7:
        return f"orthogonal({word}) * {total}", q * sign.unsqueeze(-2) * x.sum()
    return f"triangular({word}) * {total}", r * sign.unsqueeze(-1) * x.sum()


@op
def triangle(p, name, x):
    if x.dim() < 2:
        return None
    diagonal = p.random.randint(-1, 1)
    word, f = p.random.choice([("lower", torch.tril), ("upper", torch.triu)])
    return f"{word}({name}, diagonal: {diagonal})", f(x, diagonal)


@op
def fourier(p, name, x):
    if x.dim() == 0 or x.numel() > 40:
        return None
    if p.random.random() < 0.5:
        return f"fourier({name})", torch.view_as_real(torch.fft.rfft(x))
    n = x.shape[-1]
    source, y = p.leaf([n // 2 + 1, 2])
    return f"fourier_inverse(fourier({name}) * {source}, {n})", torch.fft.irfft(torch.view_as_complex(torch.view_as_real(torch.fft.rfft(x)) * y), n)


@op
def embedding(p, name, x):
    if x.dim() != 2:
        return None
    index = torch.tensor([[p.random.randrange(x.shape[0]) for _ in range(2)] for _ in range(2)])
    return f"{name}[index({whole(index)}, {x.shape[0]})]", x[index]


@op
def losses(p, name, x):
    if x.dim() != 2:
        return None
    n = x.shape[1]
    index = torch.tensor([p.random.randrange(n) for _ in range(x.shape[0])])
    return f"{name} * cross_entropy({name}, index({whole(index)}, {n}))", x * F.cross_entropy(x, index)


@op
def whole_reduction(p, name, x):
    if x.dim() < 2:
        return None
    axes = sorted(p.random.sample(range(x.dim()), 2))
    word = p.random.choice(["sum", "mean", "max", "min", "product", "variance", "logsumexp"])
    if word in ("max", "min"):
        apart(x)
    f = {"sum": x.sum, "mean": x.mean, "max": x.amax, "min": x.amin, "logsumexp": lambda a: torch.logsumexp(x, a),
         "product": lambda a: x.prod(a[1]).prod(a[0]), "variance": lambda a: x.var(a, unbiased=False)}[word]
    return f"{word}({name}, over: {axes})", f(axes)


@op
def product_with_zero(p, name, x):
    if x.dim() == 0 or x.shape[-1] < 2:
        return None
    mask = torch.ones(x.shape[-1])
    mask[p.random.randrange(x.shape[-1])] = 0
    return f"product({name} * {text(mask)}, over: -1)", (x * mask).prod(-1)


@op
def other_norms(p, name, x):
    if x.dim() == 0:
        return None
    apart(x.abs())
    off(x, 0)
    power = p.random.choice(["1", "inf", "1.5"])
    return f"norm({name}, over: -1, p: {power})", torch.linalg.vector_norm(x, float(power), -1)


@op
def moments(p, name, x):
    if x.dim() == 0:
        return None
    axis, part = axis_of(p, x), p.random.randrange(2)
    return f"moments({name}, over: {axis})[{part}]", x.var(axis, unbiased=False) if part else x.mean(axis)


@op
def over_space(p, name, x):
    if x.dim() < 3:
        return None
    return f"global_mean({name})", x.flatten(2).mean(2)


@op
def flattened(p, name, x):
    return (f"flatten({name})", x.flatten(1)) if x.dim() >= 2 else None


@op
def put(p, name, x):
    if x.dim() == 0:
        return None
    axis = axis_of(p, x)
    shape = list(x.shape)
    shape[axis] = 3
    index = torch.tensor([p.random.randrange(3) for _ in range(x.numel())]).reshape(x.shape)
    value = torch.zeros(shape).scatter_add(axis, index, x)
    return f"put({name}, index({whole(index)}, 3), dims: {shape}, over: {axis})", value


@op
def placed(p, name, x):
    if x.dim() == 0:
        return None
    index = torch.tensor([p.random.randrange(3) for _ in range(x.numel())]).reshape(x.shape)
    value = torch.zeros([*x.shape, 3]).scatter(-1, index.unsqueeze(-1), x.unsqueeze(-1))
    return f"place({name}, index({whole(index)}, 3), dims: {[*x.shape, 3]}, over: {x.dim()})", value


@op
def reinterpreted(p, name, x):
    if x.dim() < 2:
        return None
    shape = list(x.shape)[::-1]
    return f"reinterpret({name}, dims: {shape})", x.reshape(shape)


@op
def pieces(p, name, x):
    if x.dim() == 0:
        return None
    axis = axis_of(p, x)
    n = x.shape[axis]
    if n > 1 and p.random.random() < 0.7:
        return f"chunk({name}, {n}, over: {axis})[{n - 1}]", x.chunk(n, axis)[n - 1]
    if n == 1:
        return f"squeeze({name}, over: {axis})", x.squeeze(axis)
    return f"last({name}, over: {axis})", x.select(axis, n - 1)


@op
def along(p, name, x):
    if x.dim() < 2:
        return None
    axis = axis_of(p, x)
    other, w = p.leaf([x.shape[axis]])
    shape = [1] * x.dim()
    shape[axis] = -1
    return f"{name} * {other} along {axis}", x * w.reshape(shape)


@op
def padded_planes(p, name, x):
    if x.dim() < 2 or x.numel() > 40 or min(x.shape[-2:]) < 2:
        return None
    mode = p.random.choice(["constant", "reflect", "edge"])
    flat = x.reshape(1, -1, *x.shape[-2:])
    value = F.pad(flat, (1, 1, 1, 1), mode={"edge": "replicate"}.get(mode, mode))
    axes = [x.dim() - 2, x.dim() - 1]
    return f'pad({name}, 1, over: {axes}, mode: "{mode}")', value.reshape(*x.shape[:-2], x.shape[-2] + 2, x.shape[-1] + 2)


@op
def uneven_convolution(p, name, x):
    """Windows, strides, padding and dilation that differ by axis; strides wider than the windows."""
    source, y = p.leaf([2, 2, 5, 6])
    k = [p.random.randint(1, 3), p.random.randint(1, 2)]
    weights, w = p.leaf([2, 2, *k])
    stride, pad, dilation = ([p.random.randint(low, high) for _ in range(2)] for low, high in ((1, 4), (0, 2), (1, 2)))
    value = F.conv2d(y, w, stride=stride, padding=pad, dilation=dilation)
    return (f"convolve({source}, {weights}, stride: {stride}, pad: {pad}, dilation: {dilation}) * sum({name})", value * x.sum())


@op
def uneven_pooling(p, name, x):
    source, y = p.leaf([1, 2, 5, 6])
    apart(y, 1e-6)
    k = [p.random.randint(1, 3), p.random.randint(1, 2)]
    stride = [p.random.randint(1, 4) for _ in range(2)]
    pad = [p.random.randint(0, n // 2) for n in k]
    word, f = p.random.choice([("max_pool", F.max_pool2d), ("mean_pool", F.avg_pool2d)])
    return f"{word}({source}, k: {k}, stride: {stride}, pad: {pad}) * sum({name})", f(y, k, stride, pad) * x.sum()


@op
def local_convolution(p, name, x):
    source, y = p.leaf([1, 2, 3, 3])
    weights, w = p.leaf([2, 2, 1, 2, 2, 2])
    seen = F.unfold(y, 2).reshape(1, 2, 2, 2, 2, 2)  # [N, C, K, L, P, Q]
    return f"convolve_local({source}, {weights}) * sum({name})", torch.einsum("ncklpq,pqockl->nopq", seen, w) * x.sum()


@op
def recurrence(p, name, x):
    if x.dim() != 3:
        return None
    weights, w = p.leaf([x.shape[2], x.shape[2]])
    h, seen = torch.zeros(x.shape[0], x.shape[2]), []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] + h @ w)
        seen.append(h * x[:, t])
    return f"recurred({name}, {weights})", torch.stack(seen, 1)


@op
def derivatives(p, name, x):
    if x.dim() != 1:
        return None
    if p.random.random() < 0.5:
        return f"jacobian({name}^2 * sum({name}), wrt: {name})", torch.diag(2 * x * x.sum()) + (x**2).unsqueeze(1).expand(len(x), len(x))
    return f"hessian(sum({name}^3) + sum({name})^2, wrt: {name})", torch.diag(6 * x) + 2


@op
def spectrum(p, name, x):
    if x.dim() != 2 or x.shape[1] < 2:
        return None
    value = torch.stft(x, 2, 1, window=torch.hann_window(2), center=False, return_complex=True)
    return f"spectrogram({name}, 2, 1)", value.abs().pow(2).transpose(1, 2)


@op
def vectors(p, name, x):
    if x.dim() != 2:
        return None
    other, y = p.leaf(list(x.shape), 0.3, 1)
    return f"cosine({name}, {other})", F.cosine_similarity(x, y, dim=-1)


@op
def eigen(p, name, x):
    if x.dim() < 1 or x.shape[-1] > 4:
        return None
    n = x.shape[-1]
    ramp = torch.diag(torch.arange(n) * 2.0)
    matrix = torch.outer(x.flatten()[:n], x.flatten()[:n]) * 0.2 + ramp
    row = f"reshape({name}, [{x.numel()}])[0..<{n}]"
    return f"eigen(({row})[.., new] @ ({row})[new, ..] * 0.2 + {text(ramp)})[0]", torch.linalg.eigvalsh(matrix)


@op
def diagonals(p, name, x):
    if x.dim() != 2 or x.shape[0] != x.shape[1]:
        return None
    if p.random.random() < 0.5:
        return f"diagonal({name}) * trace({name})", torch.diagonal(x) * torch.trace(x)
    return f"{name} @ identity({x.shape[0]}) + identity({x.shape[0]})", x + torch.eye(x.shape[0])


@op
def normalized(p, name, x):
    if x.dim() < 2 or x.shape[-1] < 2:
        return None
    x = x + torch.arange(x.shape[-1]) * 0.3
    source = f"({name} + {text(torch.arange(x.shape[-1]) * 0.3)})"
    n, kind = x.shape[-1], p.random.randrange(4)
    if kind == 0:
        return f"LayerNorm(eps: 0.1)({source})", F.layer_norm(x, [n], eps=0.1)
    if kind == 1:
        return f"RMSNorm(eps: 0.1)({source})", F.rms_norm(x, [n], eps=0.1)
    if x.dim() < 3:
        return None
    if kind == 2:
        return f"InstanceNorm(eps: 0.1)({source})", F.instance_norm(x, eps=0.1)
    return f"GroupNorm({x.shape[1]}, eps: 0.1)({source})", F.group_norm(x, x.shape[1], eps=0.1)


@op
def attention(p, name, x):
    if x.dim() != 3:
        return None
    keys, k = p.leaf([x.shape[0], 3, x.shape[2]])
    scale = math.sqrt(x.shape[2])
    value = torch.softmax(x @ k.transpose(1, 2) / scale, -1) @ k
    return f"softmax({name} @ {keys}.T / {scale}, over: -1) @ {keys}", value


@op
def turned(p, name, x):
    if x.dim() < 2 or x.shape[-1] % 2:
        return None
    half, t = x.shape[-1] // 2, x.shape[-2]
    angle = torch.arange(t).unsqueeze(1) * 10000.0 ** (-torch.arange(half) / half)
    z = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones(()), angle)
    return f"rotary({name})", torch.cat([z.real, z.imag], -1)


@op
def distances(p, name, x):
    """Losses of two tensors."""
    other, y = p.leaf(list(x.shape))
    off(x - y, 0)
    off((x - y).abs(), 0.7)
    off(x, 0)
    kind = p.random.randrange(6)
    goal = (y.detach() > 0).double()
    source, f = [
        ("mse({0}, {1})", F.mse_loss), ("mae({0}, {1})", F.l1_loss), ("huber({0}, {1}, 0.7)", lambda a, b: F.huber_loss(a, b, delta=0.7)),
        (f"bce_logits({{0}}, {text(goal)} + 0 * {{1}})", lambda a, b: F.binary_cross_entropy_with_logits(a, goal + 0 * b)),
        ("poisson({0}, {1})", F.poisson_nll_loss),
        (f"bce(sigmoid({{0}}), {text(goal)} + 0 * {{1}})", lambda a, b: F.binary_cross_entropy(torch.sigmoid(a), goal) + 0 * b.sum()),
    ][kind]
    return f"{name} * {source.format(name, other)}", x * f(x, y)


@op
def more_losses(p, name, x):
    if x.dim() != 2 or x.shape[1] < 2:
        return None
    n = x.shape[1]
    label = torch.tensor([p.random.randrange(n) for _ in range(x.shape[0])])
    index = f"index({whole(label)}, {n})"
    kind = p.random.randrange(4)
    if kind == 0:
        return f"{name} * cross_entropy({name}, {index}, 0.2)", x * F.cross_entropy(x, label, label_smoothing=0.2)
    if kind == 1:
        other, y = p.leaf(list(x.shape))
        return f"{name} * kl(log_softmax({name}), softmax({other}))", x * F.kl_div(x.log_softmax(1), y.softmax(1), reduction="batchmean")
    if kind == 2:
        off(1 - x.gather(1, label[:, None]) + x, 0)
        return f"{name} * multi_hinge({name}, {index})", x * ((1 - x.gather(1, label[:, None]) + x).clamp(min=0).sum(1) - 1).mean() / n
    other, y = p.leaf(list(x.shape))
    third, z = p.leaf(list(x.shape))
    value = F.triplet_margin_loss(x, y, z, margin=3.0)
    return f"{name} * triplet({name}, {other}, {third}, 3.0)", x * value


def build(seed):
    p = Program(seed)
    shape = [p.random.randint(1, 4) for _ in range(p.random.choice([1, 2, 2, 3]))]
    name, x = p.leaf(shape)
    p.values.append((name, x))
    steps, tries = p.random.randint(2, 6), 0
    while len(p.ops) < steps and tries < 60:
        tries += 1
        before = (len(p.lines), len(p.leaves))
        if not p.step():
            del p.lines[before[0]:], p.leaves[before[1]:]
    result, y = p.values[-1]
    if y.numel() > 200:
        raise Reject("long")
    weights = p.tensor(list(y.shape), 0.2, 1)
    axes = f"let w = {text(weights)}"
    p.lines += [axes, f"let loss = sum({result} * w)"]
    loss = (y * weights).sum()
    gradients = torch.autograd.grad(loss, [t for _, t in p.leaves], create_graph=True, allow_unused=True)
    # What has no effect on the result has no gradient: the check refuses to ask for it.
    if any(g is None for g in gradients):
        raise Reject("an input without effect")
    for g in gradients:
        if not torch.isfinite(g).all():
            raise Reject("gradient not finite")
        if g.abs().max() > 1e4:
            raise Reject("large gradient")
    p.lines.append(f"near({result}, {text(y.detach())})")
    names = ", ".join(n for n, _ in p.leaves)
    p.lines.append(f"let g = grad(loss, wrt: [{names}])")
    for i, g in enumerate(gradients):
        p.lines.append(f"near(g[{i}], {text(g.detach())})")
    if seed % 4 == 0:
        square = sum((g**2).sum() for g in gradients)
        if square.requires_grad:
            second = torch.autograd.grad(square, p.leaves[0][1], allow_unused=True)[0]
            second = torch.zeros_like(p.leaves[0][1]) if second is None else second
            if not torch.isfinite(second).all() or second.abs().max() > 1e4:
                raise Reject("large second gradient")
            terms = " + ".join(f"sum(g[{i}]^2)" for i in range(len(gradients)))
            p.lines.append(f"let s = {terms}")
            p.lines.append(f"near(grad(s, wrt: {p.leaves[0][0]}), {text(second.detach())})")
    return p


def in_f64(program):
    """The same program on tensors of f64, as PyTorch has computed it."""
    def typed(leaf):
        dims, numbers = [], ast.literal_eval(leaf.group(2))
        while isinstance(numbers, list):
            dims.append(len(numbers))
            numbers = numbers[0]
        return f"let {leaf.group(1)}: f64{dims} = {leaf.group(2)}"
    return re.sub(r"let (x\d+|w) = (\[.*\])", typed, program)


def passes(dlm, program):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "program.dlm"
        path.write_text(PREFIX + "\n" + program)
        return subprocess.run([dlm, "test", str(path)], capture_output=True).returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dlm")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--write")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    programs, rejected, used, seed = [], collections.Counter(), collections.Counter(), options.seed * 1_000_000
    missing = {f.__name__ for f in OPS + ELEMENTWISE}
    while len(programs) < options.count or (options.write and missing):
        seed += 1
        try:
            p = build(seed)
        except Reject as reason:
            rejected[str(reason)] += 1
            continue
        # Golden programs: so many at random, then those that use what none has used.
        if len(programs) >= options.count and not missing & set(p.ops):
            continue
        used.update(p.ops)
        missing -= set(p.ops)
        body = "\n".join("    " + line for line in p.lines)
        programs.append((seed, f'test "program {seed}: {", ".join(p.ops)}" {{\n{body}\n}}\n'))
    print(f"{len(programs)} programs; drawn anew: {dict(rejected)}")
    print("uses:", dict(sorted(used.items())))
    print("never used:", sorted({f.__name__ for f in OPS + ELEMENTWISE} - set(used)))
    if options.write:
        folder = pathlib.Path(options.write)
        folder.mkdir(exist_ok=True)
        (folder / "programs.dlm").write_text(PREFIX + "\n" + "\n".join(t for _, t in programs))
        return
    failed, size = [], 50
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(programs), size):
            path = pathlib.Path(folder) / f"programs{start}.dlm"
            path.write_text(PREFIX + "\n" + "\n".join(t for _, t in programs[start:start + size]))
            run = subprocess.run([options.dlm, "test", str(path)], capture_output=True, text=True)
            passed = len([l for l in run.stdout.split("\n") if l.startswith("passed") and ": program " in l])
            bad = [l for l in run.stdout.split("\n") if l.startswith("FAILED")]
            if passed + len(bad) != len(programs[start:start + size]):
                print(f"{path.name}: {passed} passed, {len(bad)} failed\n{run.stderr[:3000]}")
                pathlib.Path("refused.dlm").write_text(path.read_text())
                sys.exit(1)
            failed += bad
            if bad and "-v" in sys.argv:
                print(run.stderr)
    # What f32 cannot tell, because large numbers cancel, is right to the last digit in f64.
    told = {seed: program for seed, program in programs}
    cancels = [l for l in failed if passes(options.dlm, in_f64(told[int(re.search(r"program (\d+)", l)[1])]))]
    failed = [l for l in failed if l not in cancels]
    print(f"{len(programs) - len(failed)} of {len(programs)} agree, {len(cancels)} of them only in f64")
    print("\n".join(failed))
    sys.exit(1 if failed else 0)


main()
