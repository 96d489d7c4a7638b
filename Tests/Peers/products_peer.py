"""Matrix products in numpy (OpenBLAS) or torch: numpy|torch [--threads N] [--seconds S]."""
import json, os, sys, statistics, time
library, threads = sys.argv[1], sys.argv[sys.argv.index("--threads") + 1]
os.environ["OPENBLAS_NUM_THREADS"] = threads
import numpy as np

SHAPES = {  # m, n, k: the names are those of `dlm bench kernels`
    "product 128x512x784": "", "product 512x512x512": "", "product 2048x2048x2048": "",
    "product 64x50x320": "", "product 4096x16x25": "", "product 128x10x512": "",
    "product 128x512x784 b.T": "b", "product 64x50x320 b.T": "b", "product 2048x384x128 b.T": "b",
    "product 2048x65x128 b.T": "b", "product 32x1024x256 b.T": "b", "product 512x784x128 a.T": "a",
    "product 50x320x64 a.T": "a", "product 384x128x2048 a.T": "a", "product 512x128x2048 a.T": "a"}
if library == "torch":
    import torch
    torch.set_num_threads(int(threads))


def timed(name, turned, seconds):
    """Microseconds of a product into memory that is there already."""
    m, n, k = map(int, name.split()[1].split("x"))
    r = np.random.default_rng(0)
    a, b = r.random((k, m) if turned == "a" else (m, k), np.float32), r.random((n, k) if turned == "b" else (k, n), np.float32)
    a, b, c = a.T if turned == "a" else a, b.T if turned == "b" else b, np.empty((m, n), np.float32)
    if library == "torch":
        a, b, c = (torch.from_numpy(x) for x in (a, b, c))
        product = lambda: torch.matmul(a, b, out=c)
    else:
        product = lambda: np.matmul(a, b, out=c)
    product()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        t = time.perf_counter()
        product()
        times.append(time.perf_counter() - t)
    return 1e6 * statistics.median(times)


seconds = float(sys.argv[sys.argv.index("--seconds") + 1])
for name, turned in SHAPES.items():
    print(json.dumps(dict(kernel=name, us=timed(name, turned, seconds))), flush=True)
