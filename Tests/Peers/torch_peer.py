"""The cases in PyTorch: CASE [--compile] [--threads N] [--data FOLDER] [--epoch]."""
import cases, sys
import torch, torch.nn as nn, torch.nn.functional as F

case = sys.argv[1]; compiled = "--compile" in sys.argv
threads = int(cases.option("--threads", 2))
torch.set_num_threads(threads)
torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5)
        self.drop, self.fc1, self.fc2 = nn.Dropout2d(), nn.Linear(320, 50), nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2)).flatten(1)
        x = F.dropout(F.relu(self.fc1(x)), training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.c1, self.b1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.c2, self.b2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.skip = nn.Identity() if i == o and stride == 1 else nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        return F.relu(self.b2(self.c2(F.relu(self.b1(self.c1(x))))) + self.skip(x))


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        layers, i = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
        for o, stride in ((16, 1), (32, 2), (64, 2)):
            for k in range(3): layers.append(Block(i, o, stride if k == 0 else 1)); i = o
        self.body, self.head = nn.Sequential(*layers), nn.Linear(64, 10)

    def forward(self, x):
        return F.log_softmax(self.head(self.body(x).mean((2, 3))), 1)


class CharLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.lstm, self.head = nn.Embedding(65, 128), nn.LSTM(128, 256, batch_first=True), nn.Linear(256, 65)

    def forward(self, x):
        return F.log_softmax(self.head(self.lstm(self.embed(x))[0]), -1).transpose(1, 2)


class GPT(nn.Module):
    def __init__(self, layers=4, d=128, heads=4, t=128, vocab=65):
        super().__init__()
        self.heads, self.tok, self.pos = heads, nn.Embedding(vocab, d), nn.Embedding(t, d)
        self.blocks = nn.ModuleList(nn.ModuleDict(dict(n1=nn.LayerNorm(d), qkv=nn.Linear(d, 3 * d), out=nn.Linear(d, d),
            n2=nn.LayerNorm(d), up=nn.Linear(d, 4 * d), down=nn.Linear(4 * d, d))) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(d), nn.Linear(d, vocab)

    def forward(self, x):
        b, t = x.shape
        h = self.tok(x) + self.pos(torch.arange(t, device=x.device))
        for k in self.blocks:
            q, key, v = k["qkv"](k["n1"](h)).view(b, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            a = F.scaled_dot_product_attention(q, key, v, is_causal=True).transpose(1, 2).reshape(b, t, -1)
            h = h + k["out"](a)
            h = h + k["down"](F.gelu(k["up"](k["n2"](h))))
        return F.log_softmax(self.head(self.norm(h)), -1).transpose(1, 2)


MODELS = dict(
    cnn=(Net, lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.5)),
    mlp=(lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10), nn.LogSoftmax(1)),
         lambda p: torch.optim.Adam(p, lr=1e-3)),
    resnet20=(ResNet20, lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=1e-4)),
    lstm=(CharLSTM, lambda p: torch.optim.Adam(p, lr=1e-3)),
    gpt=(GPT, lambda p: torch.optim.AdamW(p, lr=1e-3)),
    xor=(lambda: nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2), nn.LogSoftmax(1)), lambda p: torch.optim.SGD(p, lr=0.1)))

x, y, batch = cases.data(case, cases.option("--data"))
make, optimizer = MODELS[case]
model = make(); opt = optimizer(model.parameters()); run = torch.compile(model) if compiled else model


def step(xb, yb):
    opt.zero_grad()
    loss = F.nll_loss(run(torch.from_numpy(xb)), torch.from_numpy(yb))
    loss.backward()
    opt.step()
    return loss.detach()


cases.run(f"torch {torch.__version__} {'compiled' if compiled else 'eager'}", step, x, y, batch)
