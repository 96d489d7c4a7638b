"""What the peers share: the data of each case, and turns that standard input asks for."""
import gzip, json, resource, statistics, sys, time
from pathlib import Path
import numpy as np

START = time.time()


def images(folder):
    """Pixels `[60000, 1, 28, 28]` in 0...1 and labels `[60000]` of the MNIST files in `folder`."""
    def read(name, header):
        path = Path(folder) / name
        data = path.read_bytes() if path.exists() else gzip.open(f"{path}.gz").read()
        return np.frombuffer(data, np.uint8)[header:]
    x = read("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255
    return x, read("train-labels-idx1-ubyte", 8).astype(np.int64)


def data(case, folder):
    """Inputs, targets and batch size of a case."""
    r = np.random.default_rng(0)
    if case == "cnn": return *images(folder), 64
    if case == "mlp": return *images(folder), 128
    if case == "resnet20":
        return r.standard_normal((1280, 3, 32, 32), np.float32), r.integers(0, 10, 1280), 128
    if case == "lstm": return r.integers(0, 65, (640, 64)), r.integers(0, 65, (640, 64)), 32
    if case == "gpt": return r.integers(0, 65, (160, 128)), r.integers(0, 65, (160, 128)), 16
    if case == "xor":
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
        return np.tile(x, (500, 1)), np.tile(np.array([0, 1, 1, 0]), 500), 4
    raise SystemExit(f"no case {case}")


def option(name, default=None):
    """The word after `name` on the command line."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


def epoch(step, x, y, batch):
    """One shuffled epoch, its loss read every ten steps, as a script would."""
    order = np.random.permutation(len(x))
    for i in range(len(x) // batch):
        last = step(x[order[i * batch:(i + 1) * batch]], y[order[i * batch:(i + 1) * batch]])
        if i % 10 == 0: float(last)
    print(json.dumps(dict(loss=float(last), seconds=time.time() - START)))


def turns(framework, step, x, y, batch):
    """After each line of standard input, `N` seconds, trains for so long and prints one line of JSON."""
    first = time.time()
    float(step(x[:batch], y[:batch]))
    now = time.time()
    about = dict(framework=framework, first_step_s=now - first, to_first_step_s=now - START)
    print(json.dumps(about), flush=True)
    n = len(x) // batch
    for line in sys.stdin:
        windows, end = [], time.time() + float(line)
        while time.time() < end or not windows:
            order, count, t = np.random.permutation(len(x)), min(n, 200), time.time()
            for i in range(count):
                take = order[i * batch:(i + 1) * batch]
                last = step(x[take], y[take])
            last = float(last)
            windows.append(1000 * (time.time() - t) / count)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(dict(ms=statistics.median(windows), loss=last, peak_mb=peak)), flush=True)


def run(framework, step, x, y, batch):
    """Takes turns, or with --epoch trains one epoch and ends."""
    if "--epoch" in sys.argv: epoch(step, x, y, batch)
    else: turns(framework, step, x, y, batch)
