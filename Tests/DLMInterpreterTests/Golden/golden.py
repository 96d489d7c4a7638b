"""Makes the golden files of this folder: first weights and the losses of the steps after them.

    python golden.py ../../../examples/data/mnist

Needs torch, numpy and safetensors. Each network starts from weights written as a checkpoint that dlm can go on
from; batches are the first rows of MNIST in their order, so that nothing is random.
"""
import gzip, pathlib, sys
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from safetensors.torch import save_file

HERE, MNIST = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[1])
ROWS, STEPS = 64, 20


def idx(name, header):
    return np.frombuffer(gzip.open(MNIST / name).read(), np.uint8)[header:]


images = torch.from_numpy(idx("train-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)[: ROWS * STEPS].astype(np.float32))
images = (images / 255 - 0.1307) / 0.3081
labels = torch.from_numpy(idx("train-labels-idx1-ubyte.gz", 8)[: ROWS * STEPS].astype(np.int64))


def write(name, model, names, optimizer):
    start = {dlm: model.state_dict()[torch_name].clone() for dlm, torch_name in names.items()}
    save_file(start, HERE / f"{name}.safetensors", metadata={
        "dlm.training": "golden", "dlm.step": "0", "dlm.epoch": "0", "dlm.position": "0", "dlm.seed": "0"})
    losses = []
    for step in range(STEPS):
        rows = slice(step * ROWS, (step + 1) * ROWS)
        optimizer.zero_grad()
        loss = F.nll_loss(F.log_softmax(model(images[rows]), 1), labels[rows])
        loss.backward()
        optimizer.step()
        losses.append(f"{loss.item():.6f}")
    (HERE / f"{name}.losses").write_text("\n".join(losses) + "\n")


def layers(*pairs):
    return {f"net.{dlm}.{'w' if kind == 'weight' else 'b'}": f"{index}.{kind}" for dlm, index in pairs for kind in ("weight", "bias")}


torch.manual_seed(0)
cnn = nn.Sequential(nn.Conv2d(1, 10, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(10, 20, 5), nn.MaxPool2d(2), nn.ReLU(),
                    nn.Flatten(), nn.Linear(320, 50), nn.ReLU(), nn.Linear(50, 10))
write("cnn", cnn, layers(("conv1", 0), ("conv2", 3), ("linear1", 7), ("linear2", 9)),
      torch.optim.SGD(cnn.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3))

MLP = layers(("linear1", 1), ("linear2", 3), ("linear3", 5))
for name, make in [("mlp", lambda p: torch.optim.Adam(p, lr=3e-3)), ("adamw", lambda p: torch.optim.AdamW(p, lr=3e-3, weight_decay=0.1)),
                   ("rmsprop", lambda p: torch.optim.RMSprop(p, lr=1e-3)), ("adagrad", lambda p: torch.optim.Adagrad(p, lr=1e-2)),
                   ("adadelta", lambda p: torch.optim.Adadelta(p, lr=1.0))]:
    torch.manual_seed(1)
    mlp = nn.Sequential(nn.Flatten(), nn.Linear(784, 12), nn.Tanh(), nn.Linear(12, 12), nn.GELU(), nn.Linear(12, 10))
    write(name, mlp, MLP, make(mlp.parameters()))


def sgd(model, rate=0.1):
    return torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=rate, momentum=0.5)


class Rows(nn.Module):
    """Rows of an image as a sequence."""
    def forward(self, x): return x.squeeze(1)


class Recurrent(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell, self.head = cell, nn.Linear(8, 10)

    def forward(self, x): return self.head(self.cell(x.squeeze(1))[0][:, -1])


class Attentive(nn.Module):
    def __init__(self):
        super().__init__()
        self.lift, self.norm, self.head = nn.Linear(28, 8), nn.LayerNorm(8), nn.Linear(8, 10)
        self.q, self.k, self.v, self.o = (nn.Linear(8, 8) for _ in range(4))

    def forward(self, x):
        h = self.norm(self.lift(x.squeeze(1)))
        q, k, v = (f(h).view(len(x), 28, 2, 4).transpose(1, 2) for f in (self.q, self.k, self.v))
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(len(x), 28, 8)
        return self.head((h + self.o(a)).mean(1))


torch.manual_seed(2)
norm = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1),
                     nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 784, 10))
names = layers(("conv1", 0), ("linear1", 7)) | {"net.convT1.w": "3.weight", "net.convT1.b": "3.bias"}
for number, index in ((1, 1), (2, 4)):
    names |= {f"net.batchNorm{number}.{dlm}": f"{index}.{kind}" for dlm, kind in
              (("gain", "weight"), ("bias", "bias"), ("mean", "running_mean"), ("var", "running_var"))}
write("norm", norm, names, sgd(norm, 0.01))
(HERE / "norm.state").write_text("".join(f"net.batchNorm{n}.{dlm} {value:.6f}\n" for n, i in ((1, 1), (2, 4))
    for dlm, kind in (("mean", "running_mean"), ("var", "running_var")) for value in norm.state_dict()[f"{i}.{kind}"].tolist()))

lstm = Recurrent(nn.LSTM(28, 8, batch_first=True))
lstm.cell.bias_hh_l0.data.zero_()
lstm.cell.bias_hh_l0.requires_grad = False
head = {"net.linear1.w": "head.weight", "net.linear1.b": "head.bias"}
write("lstm", lstm, head | {f"net.lstm1.cell.{dlm}": f"cell.{kind}_l0" for dlm, kind in (("w", "weight_ih"), ("u", "weight_hh"), ("b", "bias_ih"))}, sgd(lstm))
gru = Recurrent(nn.GRU(28, 8, batch_first=True))
write("gru", gru, head | {f"net.gru1.cell.{dlm}": f"cell.{kind}_l0" for dlm, kind in (("w", "weight_ih"), ("u", "weight_hh"), ("b", "bias_ih"), ("d", "bias_hh"))}, sgd(gru))
attention = Attentive()
names = {"net.layerNorm1.gain": "norm.weight", "net.layerNorm1.bias": "norm.bias"}
for dlm, kind in (("net.linear1", "lift"), ("net.linear2", "head"), ("net.attention1.linear1", "q"), ("net.attention1.linear2", "k"),
                  ("net.attention1.linear3", "v"), ("net.attention1.linear4", "o")):
    names |= {f"{dlm}.w": f"{kind}.weight", f"{dlm}.b": f"{kind}.bias"}
write("attention", attention, names, sgd(attention))
