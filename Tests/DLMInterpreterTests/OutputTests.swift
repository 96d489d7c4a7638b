import DLMData
import DLMFormats
import Foundation
import Testing

@testable import DLMInterpreter

@Suite struct OutputTests {
  @Test func `pictures, arrays, layers and graphs are written where the program says`() throws {
    let folder = try Workspace()
    let outcome = try run(
      """
      let net = Linear(3)
      print net(ones[1, 2])
      let x = 0.5, y = 2.0
      let z = sin(x) * y
      plot lines([1.0, 3.0, 2.0], name: "a") to "out/line.svg"
      plot regions(fn (p) { p[0] + p[1] }, over: [[0.0, 0.0], [1.0, 1.0]]) to "out/regions.svg"
      let labelled = [([0.0, 0.0], -1.0), ([1.0, 1.0], 1.0), ([1.0, 0.0], -1.0)]
      plot regions(fn (p) { p[0] }, over: labelled) to "out/labelled.svg"
      plot scatter([[0.0, 1.0], [1.0, 0.0]]) to "out/pairs.svg"
      plot scatter([0.0, 1.0], [1.0, 0.0]) to "out/vectors.svg"
      save grid(ones[2, 1, 3, 3]) to "out/grid.png"
      save [[1.5, 2.0], [3.0, 4.0]] to "out/m.npy"
      save net to "out/net.safetensors"
      graph z wrt [x, y] to "out/z.mmd"
      """, in: folder.path)
    #expect(outcome.errors == "")
    let read = { (name: String) in try Data(contentsOf: URL(filePath: "\(folder.path)/out/\(name)"))
    }
    #expect(try String(decoding: read("line.svg"), as: UTF8.self).contains("<path d=\"M"))
    #expect(try String(decoding: read("line.svg"), as: UTF8.self).contains(">a</text>"))
    #expect(try String(decoding: read("regions.svg"), as: UTF8.self).hasPrefix("<svg"))
    // A point for each that `over:` gives, in the colour of its label.
    let labelled = try String(decoding: read("labelled.svg"), as: UTF8.self)
    let fills = labelled.split(separator: "<circle").dropFirst().map { $0.contains("#0072B2") }
    #expect(fills == [true, false, true])
    #expect(try read("pairs.svg") == read("vectors.svg"))
    #expect(try Array(read("grid.png").prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
    let array = try NPYFile("\(folder.path)/out/m.npy")
    #expect(array.shape == [2, 2])
    #expect(try array.tensor().values == [1.5, 2, 3, 4])
    let header = try Safetensors.header(of: "\(folder.path)/out/net.safetensors")
    #expect(header.entries.map(\.name).sorted() == ["b", "w"])
    let graph = try String(decoding: read("z.mmd"), as: UTF8.self)
    #expect(graph.contains("[\"x<br/>0.5<br/>∂ 1.75517\"]") && graph.contains("sin"))
  }

  @Test func `a graph names what is named, and no number of the text`() throws {
    let folder = try Workspace()
    let outcome = try run(
      """
      let seen = sin(uniform[3] * 2)
      print sum(seen) < 4
      let a = 0.3, b = 2.0
      graph sin(a * b) * a + 2.0 * b wrt [a, b] to "z.mmd"
      """, in: folder.path)
    #expect(outcome.errors == "")
    let graph = try String(contentsOfFile: "\(folder.path)/z.mmd", encoding: .utf8)
    #expect(graph.contains("[\"a<br/>") && graph.contains("[\"b<br/>2<br/>"))
    #expect(graph.contains("[\"2\"]") && !graph.contains("constant"))
  }

  @Test func `weights of a file come back, under other names too`() throws {
    let folder = try Workspace()
    let saved = try run(
      """
      let net = Linear(3)
      print net(ones[1, 2])
      save net to "net.safetensors"
      """, in: folder.path)
    let loaded = try run(
      """
      fn back(name: string) { replace(name, "weight", "w") }
      let other = Linear(3) from "net.safetensors" rename back
      print other(ones[1, 2])
      """, in: folder.path)
    #expect(saved.errors + loaded.errors == "")
    #expect(saved.printed == loaded.printed)
  }

  @Test func `weights of another shape are refused before anything runs`() throws {
    let folder = try Workspace()
    _ = try run(
      "let net = Linear(3)\nprint net(ones[1, 2])\nsave net to \"n.safetensors\"", in: folder.path)
    let outcome = try run("print 1\nlet net = Linear(4) from \"n.safetensors\"", in: folder.path)
    #expect(outcome.printed == [])
    #expect(outcome.errors.contains("error[D011]: `net.w` is real[4, I]"))
  }

  @Test func `data is read from tables, arrays and texts`() throws {
    let folder = try Workspace()
    try Data("a,b,kind\n1,2.5,x\n2,3.5,y\n3,4.5,x\n".utf8)
      .write(to: URL(filePath: "\(folder.path)/t.csv"))
    try Data("abcabcabcabcabcabcabcabc".utf8).write(to: URL(filePath: "\(folder.path)/t.txt"))
    let outcome = try run(
      """
      data d = csv("t.csv") |> stack(x: [a, b]) |> map(x, fn (x) { 2 * x })
      for (kind, x) in d { print kind, x }
      data book = text("t.txt", by: char)
      print book.vocab
      data parts = csv("t.csv") |> split(train: 0.67, test: 0.33, seed: 1)
      for (a, b, kind) in parts.test { print b - a }
      layer LM(v: int)(ids: index(v)[B, T]) -> logit[B, T, v] { ids |> Embedding(v, 8) |> LSTM(8) |> Linear(v) }
      let lm = LM(book.vocab)
      train fit on book.train.windows(T: 3, stride: 1) {
          batch 4 shuffled
          epochs 30
          minimize cross_entropy(lm(here), next) over lm with Adam(lr: 0.05)
      }
      """, in: folder.path)
    #expect(outcome.errors == "")
    #expect(outcome.printed == ["0 [2, 5]", "1 [4, 7]", "0 [6, 9]", "3", "1.5"])
    #expect(outcome.losses.count == 30 * 5)
    #expect(try #require(outcome.losses.last) < 0.1)
  }
}
