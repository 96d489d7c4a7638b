#!/usr/bin/env python3
"""dlm beside PyTorch (eager and compiled), JAX and OpenBLAS: in turn, several rounds, medians.

    python Tests/Peers/compare.py cnn mlp resnet20 lstm gpt xor    # a step, and memory
    python Tests/Peers/compare.py products --threads 1             # matrix products
    python Tests/Peers/compare.py process                          # a whole epoch, imports included

Run it with a Python that has torch, jax, optax and numpy; what is missing is left out. dlm is
`.build/release/dlm`, or --dlm PATH. A ratio is the peer's time over dlm's: above 1, dlm is faster.
"""
import argparse, json, statistics, subprocess, sys, time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CASES = ["cnn", "mlp", "resnet20", "lstm", "gpt", "xor"]
PEERS = {"eager": ["torch_peer.py"], "compiled": ["torch_peer.py", "--compile"], "jax": ["jax_peer.py"]}


class Peer:
    """A process that trains for some seconds whenever it is asked to."""

    def __init__(self, script, case):
        command = [sys.executable, HERE / script[0], case, *script[1:], *data(), "--threads", str(options.threads)]
        self.process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.about = json.loads(self.process.stdout.readline() or "null")

    def turn(self):
        self.process.stdin.write(f"{options.seconds}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def data(): return ["--data", ROOT / "examples" / "data" / "mnist"]


def dlm(*words):
    """The last words of standard output, read as JSON lines."""
    command = [options.dlm, *map(str, words), "--threads", str(options.threads)]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def case(name):
    """One line for a model: milliseconds a step of each, and peak memory."""
    peers = {}
    for peer in options.peers.split(","):
        started = Peer(PEERS[peer], name)
        if started.about: peers[peer] = started
    turns = {peer: [] for peer in ["dlm", *peers]}
    for _ in range(options.rounds):
        report = dlm("bench", name, "--json", "--seconds", options.seconds, *data())[0]
        turns["dlm"].append(dict(ms=report["ms_per_step"], peak_mb=report["peak_mb"]))
        for peer, process in peers.items(): turns[peer].append(process.turn())
    for process in peers.values(): process.end()
    ms = {peer: statistics.median(turn["ms"] for turn in all) for peer, all in turns.items()}
    peak = {peer: max(turn["peak_mb"] for turn in all) for peer, all in turns.items()}
    words = [f"{name:9} dlm {ms['dlm']:.4g} ms {peak['dlm']:.0f} MB"]
    words += [f"{peer} {ms[peer]:.4g} ({ms[peer] / ms['dlm']:.2f}x) {peak[peer]:.0f} MB" for peer in peers]
    if peers:
        words.append(f"best peer {min(ms[peer] for peer in peers) / ms['dlm']:.2f}x")
    if "eager" in peers: words.append(f"memory {peak['dlm'] / peak['eager']:.2f} of torch's")
    print(" | ".join(words), flush=True)


def products():
    """One line for a shape: microseconds of each."""
    times = {}
    for _ in range(options.rounds):
        seconds = min(0.2, options.seconds)
        for row in dlm("bench", "kernels", "--filter", "product", "--json", "--seconds", seconds):
            times.setdefault(row["kernel"], {}).setdefault("dlm", []).append(row["us"])
            times[row["kernel"]].setdefault("share", []).append(row["share"])
        for library in ["numpy", "torch"]:
            command = [sys.executable, HERE / "products_peer.py", library, "--threads", str(options.threads),
                       "--seconds", str(seconds)]
            output = subprocess.run(command, capture_output=True, text=True).stdout
            for row in map(json.loads, output.splitlines()):
                times[row["kernel"]].setdefault(library, []).append(row["us"])
    for name, all in times.items():
        middle = {key: statistics.median(values) for key, values in all.items()}
        line = f"{name:28} dlm {middle['dlm']:9.1f} us, {100 * middle['share']:3.0f} % of peak"
        for library in ["numpy", "torch"]:
            if library in middle:
                line += f" | {library} {middle[library]:9.1f} ({middle[library] / middle['dlm']:.2f}x)"
        print(line, flush=True)


def process():
    """A whole epoch of the classifier, from the command to the prompt."""
    commands = {"dlm": [options.dlm, "run", "examples/mnist.dlm", "--epochs", "1", "--threads", str(options.threads)]}
    for peer in options.peers.split(","):
        commands[peer] = [sys.executable, HERE / PEERS[peer][0], "cnn", *PEERS[peer][1:], *data(), "--epoch",
                          "--threads", str(options.threads)]
    times = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            began = time.time()
            done = subprocess.run(command, cwd=ROOT, capture_output=True)
            if done.returncode == 0: times[name].append(time.time() - began)
    middle = {name: statistics.median(values) for name, values in times.items() if values}
    for name, seconds in middle.items():
        print(f"process   {name} {seconds:.2f} s ({seconds / middle['dlm']:.2f}x)", flush=True)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("what", nargs="+", choices=[*CASES, "products", "process"])
parser.add_argument("--dlm", default=ROOT / ".build" / "release" / "dlm")
parser.add_argument("--peers", default=",".join(PEERS))
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--seconds", type=float, default=3.0)
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
for what in options.what:
    {"products": products, "process": process}.get(what, lambda: case(what))()
