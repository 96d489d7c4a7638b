"""Edits at random against `dlm lsp`: how long until diagnostics and hints, whether memory stays flat, and
that no answer is about a text that is no more. `python stress.py DLM [EDITS]`; a small client of its own,
so that only the server is measured."""

import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time

BLOCK = """
/// Part {i}.
layer Block{i}(n: int = 8, depth: int = 2)(x: real[B, D]) -> real[B, D] {{
    var h = x |> Linear(n) |> relu
    repeat k in 0..<depth {{
        let s = h |> LayerNorm() |> Linear(n) |> gelu
        h = h + s
    }}
    let y = h |> Dropout(0.1) |> Linear(D)
    x + y
}}
let b{i} = Block{i}(n: {w})
let v{i} = b{i}(ones[4, 6]) |> mean
print v{i}, "part {i}: {{v{i}:3}}"
"""


def program(lines):
    text = ""
    i = 0
    while text.count("\n") < lines:
        text += BLOCK.format(i=i, w=4 + i % 5)
        i += 1
    return text


class Client:
    def __init__(self, command, editor=None):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.count = 0
        self.published = {}
        self.request("initialize", {"processId": editor, "rootUri": None, "capabilities": {}})
        self.notify("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = None
        while True:
            line = self.process.stdout.readline()
            assert line, "the server has ended"
            if line == b"\r\n":
                break
            name, value = line.split(b":")
            assert name.lower() == b"content-length", line
            length = int(value)
        message = json.loads(self.process.stdout.read(length))
        assert message["jsonrpc"] == "2.0"
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self.published[params["uri"]] = (params["version"], params["diagnostics"])
        return message

    def ask(self, method, params):
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        return self.count

    def answer(self, number):
        while True:
            message = self.receive()
            if message.get("id") == number and "method" not in message:
                return message

    def request(self, method, params):
        return self.answer(self.ask(method, params))

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def until(self, uri, version):
        while self.published.get(uri, (None,))[0] != version:
            self.receive()

    def memory(self):
        with open(f"/proc/{self.worker()}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    def worker(self):
        """The process that holds the documents: the server itself, or what it watches over."""
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(children) as file:
            found = file.read().split()
        return int(found[0]) if found else self.process.pid


URI = "file:///tmp/stress/main.dlm"
WORDS = ["x", "relu", "1", "(", ")", "[", "{", "}", " |> ", "let a = 1\n", "\n", "é", "😀", "\"", "//", ".", "B", ":", ","]


def place(text, offset):
    before = text[:offset]
    line = before.count("\n")
    tail = before[before.rfind("\n") + 1:]
    return {"line": line, "character": len(tail.encode("utf-16-le")) // 2}


def edit(random, text, start, end, new):
    change = {"range": {"start": place(text, start), "end": place(text, end)}, "text": new}
    return text[:start] + new + text[end:], change


def change(client, version, changes):
    client.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": URI, "version": version}, "contentChanges": changes})


def opened(client, text):
    client.notify(
        "textDocument/didOpen",
        {"textDocument": {"uri": URI, "languageId": "dlm", "version": 0, "text": text}})
    client.until(URI, 0)


def latency(command, edits):
    """A person types: each edit is a number or a word in a line, and what is seen must follow."""
    client = Client(command)
    text = original = program(1000)
    opened(client, text)
    rng = random.Random(1)
    times = []
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 10**6, "character": 0}}
    for version in range(1, edits + 1):
        if version % 2:
            spot = rng.choice([i for i, c in enumerate(text) if c.isdigit() or c in "nxh"])
            text, made = edit(rng, text, spot, spot + 1, rng.choice(["1", "7", "12", "x", "h", ""]))
        else:
            text, made = original, {"text": original}
        begin = time.perf_counter()
        change(client, version, [made])
        number = client.ask("textDocument/inlayHint", {"textDocument": {"uri": URI}, "range": everything})
        hints = client.answer(number)
        assert "result" in hints, hints
        client.until(URI, version)
        times.append(1000 * (time.perf_counter() - begin))
    times.sort()
    print(f"{text.count(chr(10))} lines, {len(hints['result'])} hints, {edits} edits: "
          f"median {statistics.median(times):.1f} ms, 99th percentile {times[int(0.99 * len(times))]:.1f} ms")
    return times


def storm(command, edits):
    """Text that is broken most of the time, requests at places that may not be there, some taken back."""
    client = Client(command)
    rng = random.Random(2)
    text = base = program(120)
    opened(client, text)
    methods = ["hover", "definition", "references", "completion", "signatureHelp", "documentHighlight", "prepareRename"]
    plain = ["documentSymbol", "foldingRange", "semanticTokens/full", "codeLens", "documentLink", "formatting"]
    memory = []
    answers = {"result": 0, "error": 0}
    for version in range(1, edits + 1):
        if version % 40 == 0:
            text, made = base, {"text": base}
        else:
            start = rng.randrange(len(text) + 1)
            end = min(len(text), start + rng.choice([0, 0, 1, 3, 20]))
            text, made = edit(rng, text, start, end, rng.choice(WORDS))
        change(client, version, [made])
        numbers = []
        for _ in range(2):
            position = {"line": rng.randrange(-1, 200), "character": rng.randrange(-1, 200)}
            numbers.append(client.ask(
                "textDocument/" + rng.choice(methods), {"textDocument": {"uri": URI}, "position": position}))
        numbers.append(client.ask(
            "textDocument/" + rng.choice(plain),
            {"textDocument": {"uri": URI}, "options": {"tabSize": 4, "insertSpaces": True}}))
        if rng.random() < 0.3:
            client.notify("$/cancelRequest", {"id": rng.choice(numbers)})
        for number in numbers:
            answer = client.answer(number)
            answers["result" if "result" in answer else "error"] += 1
            if "error" in answer:
                assert answer["error"]["code"] in (-32800, -32801, -32803), answer
        if version % 100 == 0:
            client.until(URI, version)
            # What the server has is what the client has.
            links = client.request("textDocument/selectionRange", {
                "textDocument": {"uri": URI}, "positions": [{"line": 0, "character": 0}]})
            outer = links["result"][0]
            while outer.get("parent"):
                outer = outer["parent"]
            assert outer["range"]["end"] == place(text, len(text)), (outer, place(text, len(text)))
        if version % 20 == 0:
            memory.append(client.memory())
    # A text may take much for a moment: what stays is in the middle of many samples.
    quarter = len(memory) // 4
    early, late = (statistics.median(part) for part in (memory[quarter : 2 * quarter], memory[-quarter:]))
    print(f"{edits} edits: {answers['result']} answers, {answers['error']} refusals; "
          f"memory {early:.0f} kB in the second quarter, {late:.0f} kB in the last ({100 * (late - early) / early:+.1f} %)")
    client.request("shutdown", None)
    client.notify("exit", None)
    assert client.process.wait(10) == 0


def abandoned(command):
    """A server whose editor has died ends, though its input stays open."""
    editor = subprocess.Popen(["sleep", "1"])
    client = Client(command, editor.pid)
    editor.wait()
    client.process.wait(15)
    print("an editor that dies ends the server")


def orphaned(command):
    """A client that dies, in the middle of a message, ends the server."""
    client = Client(command)
    opened(client, program(300))
    worker = client.worker()
    client.process.stdin.write(b"Content-Length: 100\r\n\r\n{")
    client.process.stdin.flush()
    client.process.stdin.close()
    client.process.stdout.close()
    assert client.process.wait(10) == 1
    deadline = time.time() + 5
    while os.path.exists(f"/proc/{worker}") and time.time() < deadline:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{worker}") or worker == client.process.pid
    print("a client that dies ends the server")


if __name__ == "__main__":
    dlm = [sys.argv[1], "lsp"]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    orphaned(dlm)
    abandoned(dlm)
    latency(dlm, min(count, 500))
    storm(dlm, count)
