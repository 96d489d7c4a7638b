"""Makes the golden files of this folder: what PyTorch and scikit-learn say of the layers, optimizers, losses and metrics.

    python library.py

Needs torch, numpy, safetensors, scikit-learn. `x.npy` and `y.npy` are the data; a `.safetensors` has the first weights of a
case as a checkpoint that dlm goes on from; `trainings.txt` has the losses of the 20 steps after them, a case a line;
`values.txt` has expressions of dlm with the numbers that they must give.
"""
import math, pathlib
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from safetensors.torch import save_file
from sklearn import metrics

HERE, STEPS, BATCH = pathlib.Path(__file__).parent, 20, 6
rng = np.random.default_rng(0)
x = rng.normal(size=(12, 2, 6, 6)).astype(np.float32)
y = rng.normal(size=(12, 3)).astype(np.float32)
np.save(HERE / "x.npy", x), np.save(HERE / "y.npy", y)
x, y = torch.from_numpy(x), torch.from_numpy(y)
lines = []


def weights(name, tensors):
    save_file({f"net.{key}": value.detach().clone().contiguous() for key, value in tensors.items()}, HERE / f"{name}.safetensors", metadata={
        "dlm.training": "golden", "dlm.step": "0", "dlm.epoch": "0", "dlm.position": "0", "dlm.seed": "0"})


def train(name, model, optimizer, batch=BATCH):
    losses = []
    for step in range(STEPS):
        rows = slice(step * batch % len(x), step * batch % len(x) + batch)
        def closure():
            optimizer.zero_grad()
            loss = F.mse_loss(model(x[rows]), y[rows])
            loss.backward()
            return loss
        losses.append(f"{optimizer.step(closure).item():.7g}")
    lines.append(" ".join([name] + losses))


# Optimizers: one perceptron, whole batches for those that are for them.
def perceptron():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(72, 4), nn.Tanh(), nn.Linear(4, 3))


mlp = perceptron()
weights("perceptron", {"linear1.w": mlp[1].weight, "linear1.b": mlp[1].bias, "linear2.w": mlp[3].weight, "linear2.b": mlp[3].bias})
optim = torch.optim


class Own(optim.Optimizer):
    """An optimizer that PyTorch does not have, from the formulas of its paper."""
    def __init__(self, parameters, rule):
        super().__init__(parameters, {})
        self.rule, self.t = rule, 0

    @torch.no_grad()
    def step(self, closure):
        with torch.enable_grad(): loss = closure()
        self.t += 1
        for p in self.param_groups[0]["params"]: self.rule(p, p.grad, self.state[p], self.t)
        return loss


def lion(p, g, s, t):
    m = s.setdefault("m", torch.zeros_like(p))
    p.mul_(1 - 1e-2 * 0.1).sub_(1e-2 * torch.sign(0.9 * m + 0.1 * g))
    m.mul_(0.99).add_(0.01 * g)


def lars(p, g, s, t):
    v = s.setdefault("v", torch.zeros_like(p))
    share = 0.02 * p.norm() / (g.norm() + 1e-2 * p.norm() + 1e-8)
    v.mul_(0.9).add_(1.0 * share * (g + 1e-2 * p))
    p.sub_(v)


def lamb(p, g, s, t):
    m, v = s.setdefault("m", torch.zeros_like(p)), s.setdefault("v", torch.zeros_like(p))
    m.mul_(0.9).add_(0.1 * g), v.mul_(0.999).add_(0.001 * g * g)
    step = m / (1 - 0.9 ** t) / ((v / (1 - 0.999 ** t)).sqrt() + 1e-6) + 1e-2 * p
    p.sub_(1e-2 * p.norm() / step.norm() * step)


for name, make in {
    "sgd": lambda p: optim.SGD(p, lr=0.1),
    "damped": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.5, weight_decay=1e-2),
    "nesterov": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "adagrad": lambda p: optim.Adagrad(p, lr=0.05, lr_decay=0.1, weight_decay=1e-2, initial_accumulator_value=0.1),
    "adadelta": lambda p: optim.Adadelta(p, lr=1.0, weight_decay=1e-2),
    "rmsprop": lambda p: optim.RMSprop(p, lr=1e-2, eps=1e-2, centered=True, momentum=0.5, weight_decay=1e-2),
    "rmsprop_centered": lambda p: optim.RMSprop(p, lr=1e-3, centered=True),
    "rprop": lambda p: optim.Rprop(p, lr=1e-2),
    "asgd": lambda p: optim.ASGD(p, lr=0.1, lambd=1e-2, t0=5, weight_decay=1e-2),
    "adam": lambda p: optim.Adam(p, lr=1e-2, weight_decay=1e-2),
    "amsgrad": lambda p: optim.Adam(p, lr=1e-2, amsgrad=True),
    "adamw": lambda p: optim.AdamW(p, lr=1e-2, weight_decay=0.1, amsgrad=True),
    "adamax": lambda p: optim.Adamax(p, lr=1e-2, weight_decay=1e-2),
    "nadam": lambda p: optim.NAdam(p, lr=1e-2, weight_decay=1e-2),
    "radam": lambda p: optim.RAdam(p, lr=1e-2, weight_decay=1e-2),
    "adafactor": lambda p: optim.Adafactor(p, lr=1e-2, weight_decay=1e-2),
    "lion": lambda p: Own(p, lion), "lars": lambda p: Own(p, lars), "lamb": lambda p: Own(p, lamb),
}.items():
    model = perceptron()
    train(name, model, make(model.parameters()))
model = perceptron()
train("groups", model, optim.SGD([{"params": model[1].parameters(), "lr": 0.01}, {"params": model[3].parameters()}], lr=0.1))
model = perceptron()
train("lbfgs", model, optim.LBFGS(model.parameters(), lr=0.5, max_iter=1, history_size=10), batch=12)
# One iteration a step as in dlm; 25 tries of a length beside the first evaluation.
for name, rate in (("lbfgs_wolfe", 1), ("lbfgs_wolfe_far", 40), ("lbfgs_wolfe_near", 0.02)):
    model = perceptron()
    searching = optim.LBFGS(model.parameters(), lr=rate, max_iter=1, max_eval=25, history_size=10, line_search_fn="strong_wolfe",
                            tolerance_grad=0, tolerance_change=0)
    train(name, model, searching, batch=12)

# PyTorch's Muon multiplies in bf16, which rounds each product to 8 bits; with its own arithmetic in f32 it is exact.
torch.manual_seed(1)
square = nn.Sequential(nn.Flatten(), nn.Linear(72, 4, bias=False), nn.Tanh(), nn.Linear(4, 3, bias=False))
weights("matrices", {"linear1.w": square[1].weight, "linear2.w": square[3].weight})
rounding, torch.bfloat16 = torch.bfloat16, torch.float32
train("muon", square, optim.Muon(square.parameters(), lr=1e-2))
torch.bfloat16 = rounding

# A table of which each batch touches some rows: the first feature, cut to 0 to 7, is the number of a row.
ids = ((x[:, 0, 0] * 2 + 4).clamp(0, 7)).floor().long()
class Table(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(2)
        self.table = nn.Embedding(8, 3, sparse=True)
    def forward(self, x): return self.table((x[:, 0, 0] * 2 + 4).clamp(0, 7).floor().long()).mean(1)
table = Table()
weights("table", {"embedding1.w": table.table.weight})
train("sparse", table, optim.SparseAdam(table.parameters(), lr=0.05))

# Schedules, on plain descent.
for name, make in {
    "step_decay": lambda o: optim.lr_scheduler.StepLR(o, 7, 0.5),
    "exponential_decay": lambda o: optim.lr_scheduler.ExponentialLR(o, 0.9),
    "polynomial_decay": lambda o: optim.lr_scheduler.PolynomialLR(o, 20, 2.0),
    "cosine_decay": lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 20, 0.01),
    "cosine_restarts": lambda o: optim.lr_scheduler.CosineAnnealingWarmRestarts(o, 7),
    "one_cycle": lambda o: optim.lr_scheduler.OneCycleLR(o, 0.1, 20, cycle_momentum=False),
    "cyclic": lambda o: optim.lr_scheduler.CyclicLR(o, 0.01, 0.1, 4, cycle_momentum=False),
}.items():
    model = perceptron()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    schedule = make(optimizer)
    class Scheduled:
        def zero_grad(self): optimizer.zero_grad()
        def step(self, closure):
            loss = optimizer.step(closure)
            schedule.step()
            return loss
    train(name, model, Scheduled())


# Layers, each under a head and trained by descent.
class Net(nn.Module):
    def __init__(self, body, width, forward=None):
        super().__init__()
        self.body, self.head, self.through = body, nn.Linear(width, 3), forward
    def forward(self, x):
        h = self.through(self.body, x) if self.through else self.body(x)
        return self.head(h.flatten(1))


def layer(name, body, names, width, through=None, rate=0.05):
    torch.manual_seed(3)
    for module in body.modules():
        for parameter in module.parameters(recurse=False):
            with torch.no_grad(): parameter.copy_(torch.randn_like(parameter) * 0.3)
    net = Net(body, width, through)
    tensors = dict(net.body.named_parameters()) | dict(net.body.named_buffers())
    weights(name, {dlm: tensors[key] for dlm, key in names.items()} | {"head.w": net.head.weight, "head.b": net.head.bias})
    train(name, net, optim.SGD(net.parameters(), lr=rate))


def wb(dlm, key): return {f"{dlm}.w": f"{key}.weight", f"{dlm}.b": f"{key}.bias"}
rows = lambda x: x.flatten(1, 2)                     # [B, 12, 6]
layer("conv1d", nn.Sequential(nn.Conv1d(12, 3, 3, stride=2, padding=1)), wb("conv1", "0"), 9, lambda m, x: m(rows(x)))
layer("conv3d", nn.Sequential(nn.Conv3d(1, 3, (2, 3, 3), padding=(0, 1, 1))), wb("conv1", "0"), 108, lambda m, x: m(x[:, None]))
layer("grouped", nn.Sequential(nn.Conv2d(2, 4, 3, groups=2)), wb("conv1", "0"), 64)
layer("convT1d", nn.Sequential(nn.ConvTranspose1d(12, 2, 4, stride=2, padding=1)), wb("convT1", "0"), 24, lambda m, x: m(rows(x)))
layer("bilinear", nn.Bilinear(36, 36, 4), {"bilinear1.w": "weight", "bilinear1.bias": "bias"}, 4,
      lambda m, x: m(x[:, 0].flatten(1), x[:, 1].flatten(1)), 0.01)
norm = lambda kind: {f"{kind}.gain": "1.weight", f"{kind}.bias": "1.bias"} | wb("conv1", "0")
layer("group_norm", nn.Sequential(nn.Conv2d(2, 4, 3), nn.GroupNorm(2, 4)), norm("groupNorm1"), 64)
layer("instance_norm", nn.Sequential(nn.Conv2d(2, 4, 3), nn.InstanceNorm2d(4, affine=True)), norm("instanceNorm1"), 64)
layer("rms_norm", nn.Sequential(nn.RMSNorm(6, eps=1e-6)), {"rmsNorm1.gain": "0.weight"}, 72)
recurrent = lambda path, end: {f"{path}.w": f"weight_ih_{end}", f"{path}.u": f"weight_hh_{end}", f"{path}.b": f"bias_ih_{end}"}
def without(module):
    """One of the two biases that PyTorch adds up."""
    for key, value in module.named_parameters():
        if key.startswith("bias_hh"): value.requires_grad = False
    return module
def zeroed(m, x):
    with torch.no_grad():
        for key, value in m.named_parameters():
            if key.startswith("bias_hh"): value.zero_()
    return m(rows(x))[0]
layer("rnn", without(nn.RNN(6, 4, batch_first=True)), recurrent("rnn1", "l0"), 48, zeroed)
layer("bidirectional", without(nn.LSTM(6, 4, batch_first=True, bidirectional=True)),
      recurrent("bidirectional1.lstm1.cell", "l0") | recurrent("bidirectional1.lstm2.cell", "l0_reverse"), 96, zeroed)
layer("stacked", without(nn.RNN(6, 4, 2, batch_first=True)), recurrent("stacked1.rnn1", "l0") | recurrent("stacked1.rnn2", "l1"), 48, zeroed)
layer("excite", nn.Sequential(nn.Linear(2, 1), nn.Linear(1, 2)), wb("squeezeExcite1.linear1", "0") | wb("squeezeExcite1.linear2", "1"), 72,
      lambda m, x: x * torch.sigmoid(m[1](torch.relu(m[0](x.mean((2, 3))))))[:, :, None, None])
layer("maxout", nn.Sequential(nn.Linear(72, 8)), wb("maxout1.linear1", "0"), 4, lambda m, x: m(x.flatten(1)).view(len(x), 4, 2).amax(2))
layer("winners", nn.Sequential(nn.Linear(72, 8)), wb("linear1", "0"), 8,
      lambda m, x: (lambda h: h * (h >= h.topk(3, 1).values[:, -1:]))(m(x.flatten(1))))
convs = [nn.Conv2d(2, 2, 1), nn.Conv2d(2, 1, 1), nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 1, 1), nn.Conv2d(1, 2, 5, padding=2), nn.Conv2d(2, 1, 1)]
def inception(m, x):
    r = torch.relu
    return torch.cat([r(m[0](x)), r(m[2](r(m[1](x)))), r(m[4](r(m[3](x)))), r(m[5](F.max_pool2d(x, 3, 1, 1)))], 1)
layer("inception", nn.Sequential(*convs), {k: v for i in range(6) for k, v in wb(f"inception1.conv{i + 1}", str(i)).items()}, 252, inception)
experts = [nn.Linear(72, 3)] + [nn.Linear(*shape) for _ in range(3) for shape in ((72, 4), (4, 72))]
def mixture(m, x):
    h = x.flatten(1)
    score = m[0](h)
    gate = torch.softmax(score.masked_fill(score < score.topk(2, 1).values[:, -1:], -1e9), 1)
    return sum(gate[:, i, None] * m[2 * i + 2](torch.relu(m[2 * i + 1](h))) for i in range(3))
layer("experts", nn.Sequential(*experts), {k: v for i in range(7) for k, v in wb(f"mixtureOfExperts1.linear{i + 1}", str(i)).items()}, 72, mixture, 0.01)
layer("additive", nn.Sequential(nn.Linear(6, 5, bias=False), nn.Linear(6, 5), nn.Linear(5, 1, bias=False)),
      {"additiveAttention1.linear1.w": "0.weight", "additiveAttention1.linear3.w": "2.weight"} | wb("additiveAttention1.linear2", "1"), 36,
      lambda m, x: torch.softmax(m[2](torch.tanh(m[0](x[:, 0])[:, :, None] + m[1](x[:, 1])[:, None])).squeeze(-1), -1) @ x[:, 1])
def attend(m, q, k, mask):
    h = [f(t).view(len(q), -1, 2, 3).transpose(1, 2) for f, t in zip(m, (q, k, k))]
    return m[3](F.scaled_dot_product_attention(*h, is_causal=mask).transpose(1, 2).reshape(q.shape))
def decoder(m, x):
    q, k = x[:, 0], x[:, 1]
    n = m[8](q)
    h = q + attend(m[0:4], n, n, True)
    h = h + attend(m[4:8], m[9](h), k, False)
    return h + m[12](F.gelu(m[11](m[10](h))))
parts = [nn.Linear(6, 6) for _ in range(8)] + [nn.LayerNorm(6) for _ in range(3)] + [nn.Linear(6, 8), nn.Linear(8, 6)]
names = {k: v for a in (0, 1) for i in range(4) for k, v in wb(f"decoderBlock1.attention{a + 1}.linear{i + 1}", str(4 * a + i)).items()}
for i in range(3): names |= {f"decoderBlock1.layerNorm{i + 1}.gain": f"{8 + i}.weight", f"decoderBlock1.layerNorm{i + 1}.bias": f"{8 + i}.bias"}
layer("decoder", nn.Sequential(*parts), names | wb("decoderBlock1.linear1", "11") | wb("decoderBlock1.linear2", "12"), 36, decoder)
layer("memory", nn.Sequential(nn.Linear(6, 6)), wb("linear1", "0"), 6, lambda m, x: (lambda u, k, v: [u := u + torch.softmax((k @ u[:, :, None])[..., 0], 1)[:, None] .bmm(v)[:, 0] for _ in range(2)][-1])(m(x[:, 0, 0]), x[:, 0], x[:, 1]))
spectral = nn.Linear(72, 4)
torch.nn.utils.spectral_norm(spectral)
layer("spectral", nn.Sequential(spectral), {"spectralLinear1.w": "0.weight_orig", "spectralLinear1.b": "0.bias", "spectralLinear1.u": "0.weight_u"}, 4,
      lambda m, x: m(x.flatten(1)))
layer("adaptive_mean", nn.Sequential(nn.Conv2d(2, 3, 2), nn.AdaptiveAvgPool2d((2, 3))), wb("conv1", "0"), 18)
layer("adaptive_max", nn.Sequential(nn.Conv2d(2, 3, 2), nn.AdaptiveMaxPool2d(2)), wb("conv1", "0"), 12)
layer("pools", nn.Sequential(nn.Conv2d(2, 3, 1), nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2, 1)), wb("conv1", "0"), 12)
layer("convT_groups", nn.Sequential(nn.ConvTranspose2d(2, 4, 3, stride=2, padding=1, output_padding=1, groups=2)), wb("convT1", "0"), 576, rate=0.01)
layer("dilated", nn.Sequential(nn.Conv2d(2, 3, 3, padding=1, dilation=2)), wb("dilatedConv1", "0"), 48)
spectral_conv = nn.Conv2d(2, 3, 3)
torch.nn.utils.spectral_norm(spectral_conv)
layer("spectral_conv", nn.Sequential(spectral_conv), {"spectralConv1.w": "0.weight_orig", "spectralConv1.b": "0.bias", "spectralConv1.u": "0.weight_u"}, 48)


class Locally(nn.Module):
    """Windows of 3 with weights of their own at each of 4 x 4 places."""
    def __init__(self):
        super().__init__()
        self.w, self.b = nn.Parameter(torch.zeros(16, 18, 3)), nn.Parameter(torch.zeros(16, 3))
    def forward(self, x):
        seen = F.unfold(x, 3)                        # [B, C * 9, 16]
        return (torch.einsum("bkp,pko->bpo", seen, self.w) + self.b).transpose(1, 2)
layer("locally", Locally(), {"locallyConnected1.w": "w", "locallyConnected1.b": "b"}, 48)


class Learned(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(8, 6))
    def forward(self, x): return x[:, 0] * (x[:, 1] + self.w[:6])
layer("learned_positions", Learned(), {"learnedPositions1.w": "w"}, 36)


class Sines(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 4)
    def forward(self, x):
        rate = 10000.0 ** (-2 * torch.arange(3) / 6)
        angle = torch.arange(6)[:, None] * rate
        return self.linear(x[:, 0] + torch.stack([angle.sin(), angle.cos()], -1).flatten(1))
layer("positions", Sines(), wb("linear1", "linear"), 24)
layer("highway", nn.Sequential(nn.Linear(72, 72), nn.Linear(72, 72)), wb("highway1.linear1", "0") | wb("highway1.linear2", "1"), 72,
      lambda m, x: (lambda h, g: g * torch.relu(m[1](h)) + (1 - g) * h)(x.flatten(1), torch.sigmoid(m[0](x.flatten(1)) - 2)), 0.01)
layer("residual", nn.Sequential(nn.Linear(72, 72)), wb("residual1.linear1", "0"), 72, lambda m, x: x.flatten(1) + torch.tanh(m[0](x.flatten(1))), 0.01)


def places(t): return (t * 2 + 4).clamp(0, 7).floor().long()
class Memory(nn.Module):
    def __init__(self):
        super().__init__()
        self.keys, self.values, self.questions = (nn.Embedding(8, 5) for _ in range(3))
        self.out, self.age = nn.Linear(5, 8, bias=False), nn.Parameter(torch.zeros(6, 5))
    def forward(self, x):
        story, u = places(x[:, 0]), self.questions(places(x[:, 1, 0])).sum(1)
        k, v = self.keys(story).sum(2) + self.age, self.values(story).sum(2)
        for _ in range(2): u = u + torch.softmax((k @ u[:, :, None])[..., 0], 1)[:, None].bmm(v)[:, 0]
        return self.out(u)
layer("memory_network", Memory(), {"memoryNetwork1.embedding1.w": "keys.weight", "memoryNetwork1.embedding2.w": "values.weight",
      "memoryNetwork1.embedding3.w": "questions.weight", "memoryNetwork1.linear1.w": "out.weight", "memoryNetwork1.age": "age"}, 8, rate=0.01)


# PyTorch's own block of a transformer: its three products are one.
encoder = nn.TransformerEncoderLayer(6, 2, 8, dropout=0, activation=F.gelu, batch_first=True, norm_first=True)
torch.manual_seed(3)
for parameter in encoder.parameters():
    with torch.no_grad(): parameter.copy_(torch.randn_like(parameter) * 0.3)
net = Net(encoder, 36, lambda m, x: m(x[:, 0], src_mask=torch.triu(torch.full((6, 6), -torch.inf), 1)))
joint = encoder.self_attn
pieces = {f"attention1.linear{i + 1}": (joint.in_proj_weight.chunk(3)[i], joint.in_proj_bias.chunk(3)[i]) for i in range(3)}
pieces |= {"attention1.linear4": (joint.out_proj.weight, joint.out_proj.bias), "linear1": (encoder.linear1.weight, encoder.linear1.bias),
           "linear2": (encoder.linear2.weight, encoder.linear2.bias)}
tensors = {f"transformerBlock1.{k}.{part}": v[i] for k, v in pieces.items() for i, part in enumerate("wb")}
for i, norm_ in enumerate((encoder.norm1, encoder.norm2)):
    tensors |= {f"transformerBlock1.layerNorm{i + 1}.gain": norm_.weight, f"transformerBlock1.layerNorm{i + 1}.bias": norm_.bias}
weights("transformer", tensors | {"head.w": net.head.weight, "head.b": net.head.bias})
train("transformer", net, optim.SGD(net.parameters(), lr=0.05))
normed = torch.nn.utils.weight_norm(nn.Linear(72, 4))
layer("weight_norm", nn.Sequential(normed), {"weightNormLinear1.v": "0.weight_v", "weightNormLinear1.b": "0.bias"}, 4, lambda m, x: m(x.flatten(1)))
stored = (HERE / "weight_norm.safetensors")
from safetensors.torch import load_file
tensors = load_file(stored)
torch.manual_seed(3)
state = {k[4:]: v for k, v in tensors.items()}
net = Net(nn.Sequential(torch.nn.utils.weight_norm(nn.Linear(72, 4))), 4, lambda m, x: m(x.flatten(1)))
lines.pop()
net.body[0].weight_v.data.copy_(state["weightNormLinear1.v"]); net.body[0].bias.data.copy_(state["weightNormLinear1.b"])
net.body[0].weight_g.data.fill_(0.5)
net.head.weight.data.copy_(state["head.w"]); net.head.bias.data.copy_(state["head.b"])
weights("weight_norm", state | {"weightNormLinear1.g": torch.full((4,), 0.5)})
train("weight_norm", net, optim.SGD(net.parameters(), lr=0.05))
(HERE / "trainings.txt").write_text("\n".join(lines) + "\n")

# Losses and metrics of written numbers.
values = []
def text(t): return "[" + ", ".join(text(e) for e in t) + "]" if t.dim() else (str(t.item()) if t.dtype == torch.int64 else f"{t.item():.3f}")
def tensor(*shape): return torch.round(torch.from_numpy(rng.normal(size=shape)) * 1000) / 1000
def value(expression, number): values.append(f"{expression}\t{float(number):.8g}")
a, b = tensor(4, 5), tensor(4, 5)
A, B, c = text(a), text(b), torch.tensor([1, 4, 0, 1])
C, sign = f"index({text(c)}, 5)", torch.tensor([1.0, -1.0, 1.0, 1.0], dtype=torch.float64)
value(f"mse({A}, {B})", F.mse_loss(a, b)), value(f"mae({A}, {B})", F.l1_loss(a, b)), value(f"huber({A}, {B}, 0.7)", F.huber_loss(a, b, delta=0.7))
value(f"cross_entropy({A}, {C})", F.cross_entropy(a, c)), value(f"cross_entropy({A}, {C}, 0.1)", F.cross_entropy(a, c, label_smoothing=0.1))
value(f"nll(log_softmax({A}), {C})", F.nll_loss(a.log_softmax(1), c))
noise = torch.eye(5, dtype=torch.float64) * 0.75 + 0.05
value(f"noisy_cross_entropy({A}, {C}, {text(noise)})", F.nll_loss((a.softmax(1) @ noise).log(), c))
target = (b > 0).double()
value(f"bce(sigmoid({A}), {text(target)})", F.binary_cross_entropy(a.sigmoid(), target))
value(f"bce_logits({A}, {text(target)})", F.binary_cross_entropy_with_logits(a, target))
wrong = F.binary_cross_entropy_with_logits(a, target, reduction="none")
value(f"focal({A}, {text(target)})", ((1 - (-wrong).exp()) ** 2 * wrong).mean())
value(f"hinge({text(a[:, 0])}, {text(sign)})", metrics.hinge_loss(sign.numpy(), a[:, 0].numpy()))
value(f"multi_hinge({A}, {C})", F.multi_margin_loss(a, c))
value(f"kl(log_softmax({A}), softmax({B}))", F.kl_div(a.log_softmax(1), b.softmax(1), reduction="batchmean"))
value(f"kl_normal({A}, {B})", torch.distributions.kl_divergence(torch.distributions.Normal(a, (b / 2).exp()), torch.distributions.Normal(0, 1)).sum() / 4)
value(f"poisson({A}, {text(target)})", F.poisson_nll_loss(a, target))
value(f"cosine_loss({A}, {B}, {text(sign)}, 0.1)", F.cosine_embedding_loss(a, b, sign, margin=0.1))
value(f"triplet({A}, {B}, {text(a.flip(0))})", F.triplet_margin_loss(a, b, a.flip(0)))
same = (sign > 0).double()
d = (a - b).norm(dim=1)
value(f"contrastive({A}, {B}, {text(same)}, 4.0)", (same * d ** 2 + (1 - same) * (4 - d).clamp(min=0) ** 2).mean() / 2)
value(f"info_nce({A}, {B})", F.cross_entropy(F.normalize(a) @ F.normalize(b).T / 0.1, torch.arange(4)))
logp, labels = tensor(3, 7, 5), torch.tensor([[1, 2, 2], [3, 3, 1], [4, 1, 2]])
for times, lengths in (([7, 7, 7], [3, 3, 3]), ([7, 6, 4], [3, 2, 1]), ([7, 6, 4], [3, 2, 0])):
    each = F.ctc_loss(logp.log_softmax(2).transpose(0, 1), labels, torch.tensor(times), torch.tensor(lengths), reduction="none")
    value(f"ctc(log_softmax({text(logp)}), index({text(labels)}, 5), {times}, {lengths})", (each / torch.tensor(lengths).clamp(min=1)).mean())
value(f"gan_critic_loss({text(a[0])}, {text(b[0])})", F.softplus(-a[0]).mean() + F.softplus(b[0]).mean())
value(f"gan_generator_loss({text(b[0])})", F.softplus(-b[0]).mean()), value(f"wasserstein({text(a[0])}, {text(b[0])})", b[0].mean() - a[0].mean())
guess = a.argmax(1)
value(f"accuracy({A}, {C})", metrics.accuracy_score(c, guess)), value(f"top_accuracy(2, {A}, {C})", metrics.top_k_accuracy_score(c, a, k=2, labels=range(5)))
many, right = tensor(30, 3), torch.from_numpy(rng.integers(0, 3, 30))
M, R, found = text(many), f"index({text(right)}, 3)", many.argmax(1)
weight = np.arange(9).reshape(3, 3) + 1
value(f"sum(confusion({M}, {R}) * {text(torch.from_numpy(weight.astype(float)))})", (metrics.confusion_matrix(right, found) * weight).sum())
for ours, theirs in (("precision_of", metrics.precision_score), ("recall_of", metrics.recall_score), ("f1_of", metrics.f1_score)):
    value(f"mean({ours}(confusion({M}, {R})))", theirs(right, found, average="macro"))
ties = torch.round(many[:, 0])
value(f"auc({text(ties)}, {text((right == 1).double())})", metrics.roc_auc_score(right == 1, ties))
value(f"r2({text(a[:, 0])}, {text(b[:, 0])})", metrics.r2_score(b[:, 0], a[:, 0])), value(f"perplexity(cross_entropy({A}, {C}))", F.cross_entropy(a, c).exp())


def edits(a, b):
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        row, last = [i] + row[1:], row
        for j, other in enumerate(b, 1): row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (word != other))
    return row[-1]


def bleu(found, wanted):
    from collections import Counter
    logs = 0
    for n in range(1, 5):
        runs = [Counter(tuple(s[i:i + n]) for i in range(len(s) - n + 1)) for s in (found, wanted)]
        logs += math.log(sum(min(count, runs[1][run]) for run, count in runs[0].items()) / (len(found) - n + 1)) / 4
    return math.exp(min(0, 1 - len(wanted) / len(found)) + logs)


# Functions whose draws are told: a turn of images beside grid_sample, rotary positions beside complex numbers.
picture = torch.round(torch.from_numpy(rng.uniform(size=(2, 1, 5, 5))) * 100) / 100
weigh = torch.round(torch.from_numpy(rng.uniform(size=(2, 1, 5, 5))) * 100) / 100
turn = torch.tensor([20.0, -75.0], dtype=torch.float64) * math.pi / 180
matrices = torch.stack([torch.stack([turn.cos(), turn.sin(), 0 * turn], 1), torch.stack([-turn.sin(), turn.cos(), 0 * turn], 1)], 1)
turned = F.grid_sample(picture, F.affine_grid(matrices, picture.shape, align_corners=True), align_corners=True)
value(f"sum(rotated({text(picture)}, [20.0, -75.0]) * {text(weigh)})", (turned * weigh).sum())
values_ = tensor(2, 3, 4)
z = torch.complex(values_[..., :2], values_[..., 2:]) * torch.polar(torch.ones((), dtype=torch.float64), torch.arange(3.0, dtype=torch.float64)[:, None] * 10000.0 ** (-torch.arange(2.0, dtype=torch.float64) / 2))
value(f"sum(rotary({text(values_)}) * {text(tensor(2, 3, 4) * 0 + torch.arange(24.0).reshape(2, 3, 4))})",
      (torch.cat([z.real, z.imag], -1) * torch.arange(24.0).reshape(2, 3, 4)).sum())
for shape in ((8, 4, 3, 3), (5, 7)):
    fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(torch.zeros(shape))
    value(f"fans(zeros{list(shape)})[0]", fan_in), value(f"fans(zeros{list(shape)})[1]", fan_out)
perception = nn.Conv2d(1, 1, 2, bias=False, dtype=torch.float64)
value(f"consistency({text(a[0])}, {text(b[0])}, 0.2)", ((a[0] - b[0]).abs() - 0.2).clamp(min=0).mean())
value(f"kl_bernoulli(0.05, {text(a[0].sigmoid())})", (lambda q: torch.distributions.kl_divergence(torch.distributions.Bernoulli(torch.full_like(q, 0.05)), torch.distributions.Bernoulli(q)).sum())(torch.round(a[0].sigmoid() * 1000) / 1000))
value(f"activity_l2({A}, 0.5)", 0.5 * (a ** 2).sum() / 4), value(f"activity_l1({A}, 0.5)", 0.5 * a.abs().sum() / 4)
value(f"elastic(0.3, 0.2)({A})", 0.3 * a.abs().sum() + 0.2 * (a ** 2).sum()), value(f"l2(0.2)({A})", 0.2 * (a ** 2).sum())
longest = a.clone()
torch.renorm(longest, 2, 0, 1.5, out=longest)
value(f"sum(max_norm(1.5)({A}) * {B})", (longest * b).sum())
value(f"sum(cosine({A}, {B}))", F.cosine_similarity(a, b).sum()), value(f"sum(log_add({A}, {B}))", torch.logaddexp(a, b).sum())


heard, said = [3, 1, 4, 1, 5, 9, 2, 6, 5], [3, 1, 4, 1, 5, 9, 2, 3, 5, 8]
value(f"word_error_rate({heard}, {said})", edits(heard, said) / len(said)), value(f"edits([1, 2], [2, 1, 1, 2, 2])", edits([1, 2], [2, 1, 1, 2, 2]))
value(f"bleu({heard}, {said})", bleu(heard, said)), value("bleu([1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 3, 4, 5])", bleu([1, 2, 1, 2, 1, 2], [1, 2, 1, 2, 3, 4, 5]))
(HERE / "values.txt").write_text("\n".join(values) + "\n")
