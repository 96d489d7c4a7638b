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

mlp = nn.Sequential(nn.Flatten(), nn.Linear(784, 24), nn.Tanh(), nn.Linear(24, 24), nn.GELU(), nn.Linear(24, 10))
write("mlp", mlp, layers(("linear1", 1), ("linear2", 3), ("linear3", 5)), torch.optim.Adam(mlp.parameters(), lr=3e-3))
