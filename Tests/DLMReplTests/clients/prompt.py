"""The prompt in a pseudo-terminal: milliseconds until it asks, and until a line is answered.

    python prompt.py .build/release/dlm [RUNS]
"""

import os
import pty
import statistics
import sys
import tempfile
import time


class Terminal:
    def __init__(self, dlm, folder):
        self.seen = b""
        self.process, self.master = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.environ.update(
                HOME=folder, TERM="xterm-256color", INPUTRC="/dev/null", DLM_HISTORY=folder + "/history")
            os.execv(dlm, [dlm])

    def send(self, text):
        os.write(self.master, text.encode())

    def until(self, mark):
        while mark not in self.seen:
            self.seen += os.read(self.master, 65536)
        self.seen = self.seen[self.seen.index(mark) + len(mark):]

    def answered(self, line):
        """Milliseconds from the return key to the next prompt; the line is typed before."""
        self.send(line)
        self.until(line[-1].encode())
        time.sleep(0.01)
        self.seen = b""
        begin = time.perf_counter()
        self.send("\r")
        self.until(b"\n")
        self.until(b"> ")
        return 1000 * (time.perf_counter() - begin)

    def leave(self):
        self.send("\x04")
        try:
            while os.read(self.master, 65536):
                pass
        except OSError:
            pass
        os.waitpid(self.process, 0)
        os.close(self.master)


def report(what, times):
    times = sorted(times)
    print(f"{what}: median {statistics.median(times):.2f} ms, 90th percentile "
          f"{times[int(0.9 * len(times))]:.2f} ms, {len(times)} times", flush=True)


def main(dlm, runs):
    with tempfile.TemporaryDirectory() as folder:
        times = []
        for _ in range(runs):
            begin = time.perf_counter()
            terminal = Terminal(dlm, folder)
            terminal.until(b"> ")
            times.append(1000 * (time.perf_counter() - begin))
            terminal.leave()
        report("to the prompt", times[1:])
        terminal = Terminal(dlm, folder)
        terminal.until(b"> ")
        for line in ["let x = normal[4, 8]", "let w = normal[8, 3]"]:
            terminal.answered(line)
        for line in ["x @ w", "1 + 1", "x |> Linear(3) |> relu", "let y = x * 2", ":type x @ w"]:
            report(f"`{line}`", [terminal.answered(line) for _ in range(runs)])
        terminal.leave()


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50)
