import DLMCPU
import DLMFormats
import DLMInterpreter
import Foundation
import Testing

/// What a run leaves on disk, and what can be made of it.
@Suite struct CheckpointTests {
  /// Draws, momentum, a partial batch, an evaluation: everything that a run has to keep.
  private static func program(epochs: Int) -> String {
    let points = (0..<22).map { "[\(Double($0) / 10), \(Double($0 % 5) / 5)]" }
    let labels = (0..<22).map { "\($0 % 3)" }
    return """
      data points = rows(
        x: [\(points.joined(separator: ", "))], label: index([\(labels.joined(separator: ", "))], 3))
      layer Net(x: real[B, 2]) -> logprob[B, 3] {
        x |> Linear(8) |> tanh |> Dropout(0.2) |> Linear(3) |> log_softmax
      }
      let net = Net()
      train fit on points {
        batch 8 shuffled
        epochs \(epochs)
        minimize nll(net(x), label) over net with Adam(lr: 0.02)
        every epoch { eval points { log nll(net(x), label) as loss } }
        checkpoint "out" every epoch, keep best 1 by points.loss, keep last 2
      }
      """
  }

  @Test func `a run that is resumed ends with the bytes of one that was not`() throws {
    let (whole, parts) = (try Workspace(), try Workspace())
    let all = try run(Self.program(epochs: 6), in: whole.path)
    #expect(all.errors == "")
    let first = try run(Self.program(epochs: 3), in: parts.path)
    var options = RunOptions()
    options.start = .resume(path: "\(parts.path)/out/last.safetensors")
    let second = try run(Self.program(epochs: 6), in: parts.path, options)
    #expect(second.errors == "")
    #expect(first.losses + second.losses == all.losses)
    #expect(all.losses.count == 18)
    for name in ["last", "last-1", "best"] {
      let file = "out/\(name).safetensors"
      #expect(try parts.bytes(file) == whole.bytes(file), "\(name)")
    }
  }

  @Test func `what stands between two trainings goes by what the first has left`() throws {
    let program = { (epochs: Int) in
      """
      data d = rows(x: [[0.0, 1.0], [1.0, 0.5], [2.0, 0.25]], y: [[1.0], [0.0], [1.5]])
      let net = Linear(1)
      let before = net([[0.0, 1.0]])
      train one on d {
        batch 3
        epochs 5
        minimize mse(net(x), y) over net with Adam(lr: 0.1)
        checkpoint "one" every epoch
      }
      let scale = mean(abs(net.w))
      train two on d {
        batch 3 shuffled
        epochs \(epochs)
        minimize mse(net(x) * scale, y) over net with Adam(lr: 0.1)
        checkpoint "two" every epoch
      }
      print scale, net.w, net.b
      """
    }
    let (whole, parts) = (try Workspace(), try Workspace())
    let all = try run(program(6), in: whole.path)
    #expect(all.errors == "")
    _ = try run(program(3), in: parts.path)
    var options = RunOptions()
    options.start = .resume(path: "\(parts.path)/two")
    let rest = try run(program(6), in: parts.path, options)
    #expect(rest.errors == "")
    #expect(rest.printed == all.printed)
    #expect(rest.losses == Array(all.losses.suffix(3)))
  }

  @Test func `a schedule over all steps goes on where it stood`() throws {
    let (whole, parts) = (try Workspace(), try Workspace())
    let program = Self.program(epochs: 4).replacingOccurrences(
      of: "Adam(lr: 0.02)", with: "Adam(lr: cosine_decay(0.02, total: steps))")
    let all = try run(program, in: whole.path)
    #expect(all.errors == "")
    var options = RunOptions()
    try FileManager.default.copyItem(atPath: "\(whole.path)/out", toPath: "\(parts.path)/out")
    options.start = .resume(path: "\(parts.path)/out/last-1.safetensors")
    let rest = try run(program, in: parts.path, options)
    #expect(rest.errors == "")
    #expect(rest.losses == Array(all.losses.suffix(3)))
    #expect(
      try parts.bytes("out/last.safetensors") == whole.bytes("out/last.safetensors"))
  }

  @Test func `another objective than that of the checkpoint is told`() throws {
    let workspace = try Workspace()
    _ = try run(Self.program(epochs: 1), in: workspace.path)
    var options = RunOptions()
    options.start = .resume(path: "\(workspace.path)/out/last.safetensors")
    let other = Self.program(epochs: 2).replacingOccurrences(
      of: "minimize nll(net(x), label)", with: "minimize 2 * nll(net(x), label)")
    let outcome = try run(other, in: workspace.path, options, confirm: { _ in false })
    #expect(outcome.errors.contains("2 * nll(net(x), label) in the program"))
  }

  @Test func `a finished run that is resumed knows what its layers keep`() throws {
    let workspace = try Workspace()
    let program = Self.program(epochs: 2) + "\nprint net.linear1.w, parameters(net)[3]"
    let first = try run(program, in: workspace.path)
    var options = RunOptions()
    options.start = .resume(path: "\(workspace.path)/out/last.safetensors")
    let second = try run(program, in: workspace.path, options)
    #expect(second.errors == "")
    #expect(second.losses.isEmpty && !first.losses.isEmpty)
    #expect(second.printed == first.printed)
  }

  @Test func `a run that is stopped in an epoch goes on in it`() throws {
    let (whole, parts) = (try Workspace(), try Workspace())
    let all = try run(Self.program(epochs: 4), in: whole.path)
    let first = try run(Self.program(epochs: 4), in: parts.path, stopAfter: 5)
    let interruption = try #require(first.interruption)
    #expect(interruption.step == 5)
    var options = RunOptions()
    options.start = .resume(path: interruption.checkpoint)
    let second = try run(Self.program(epochs: 4), in: parts.path, options)
    #expect(first.losses + second.losses == all.losses)
    #expect(try parts.bytes("out/last.safetensors") == whole.bytes("out/last.safetensors"))
  }

  @Test func `the checkpoint does not depend on the number of threads`() throws {
    let (one, two) = (try Workspace(), try Workspace())
    var options = RunOptions()
    options.epochs = 1
    let text = try String(
      contentsOfFile: "\(Repository.examples)/mnist.dlm", encoding: .utf8
    ).replacingOccurrences(of: "data/mnist", with: "\(Repository.examples)/data/mnist")
      .replacingOccurrences(of: "epochs 10", with: "steps 40")
      .replacingOccurrences(of: "every epoch, keep", with: "every 40 steps, keep")
      .replacingOccurrences(of: "by test.acc", with: "by loss")
    for (workspace, threads) in [(one, 1), (two, 2)] {
      let outcome = try run(
        text, in: workspace.path, options, backend: CPUBackend(threads: threads))
      #expect(outcome.errors == "")
    }
    #expect(
      try one.bytes("runs/mnist/last.safetensors") == two.bytes("runs/mnist/last.safetensors"))
  }

  @Test func `the best is kept beside the last two`() throws {
    let workspace = try Workspace()
    let outcome = try run(Self.program(epochs: 5), in: workspace.path)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/out").sorted()
        == ["best.safetensors", "last-1.safetensors", "last.safetensors"])
    let losses = try #require(outcome.metrics["points.loss"])
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    let header = try Safetensors.header(of: workspace.path + "/out/best.safetensors")
    #expect(header.metadata["dlm.step"] == "\(3 * (best + 1))")
  }

  @Test func `an evaluation of a checkpoint finds what the run found`() throws {
    let workspace = try Workspace()
    let trained = try run(Self.program(epochs: 3), in: workspace.path)
    var options = RunOptions()
    options.start = .evaluate(path: workspace.path + "/out")
    let before = try workspace.bytes("out/last.safetensors")
    let evaluated = try run(Self.program(epochs: 3), in: workspace.path, options)
    #expect(evaluated.losses.isEmpty)
    #expect(try workspace.bytes("out/last.safetensors") == before)
    let best = try #require(trained.metrics["points.loss"]?.min())
    #expect(evaluated.metrics["points.loss"] == [best])
  }

  @Test func `a checkpoint of another network is refused with both shapes`() throws {
    let workspace = try Workspace()
    _ = try run(Self.program(epochs: 1), in: workspace.path)
    var options = RunOptions()
    options.start = .resume(path: workspace.path + "/out")
    let other = Self.program(epochs: 2).replacingOccurrences(of: "Linear(8)", with: "Linear(9)")
    let outcome = try run(other, in: workspace.path, options)
    #expect(outcome.errors.contains("the checkpoint `\(workspace.path)/out/last.safetensors` has"))
    #expect(outcome.errors.contains("net.linear1.w"))
    #expect(outcome.errors.contains("[8, 2]"))
    #expect(outcome.errors.contains("[9, 2]"))
  }

  @Test(arguments: [true, false])
  func `what a program says otherwise than its checkpoint is told`(_ goesOn: Bool) throws {
    let workspace = try Workspace()
    _ = try run(Self.program(epochs: 1), in: workspace.path)
    var options = RunOptions()
    options.start = .resume(path: workspace.path + "/out")
    let other = Self.program(epochs: 2).replacingOccurrences(of: "lr: 0.02", with: "lr: 0.05")
      .replacingOccurrences(of: "batch 8", with: "batch 6")
    var told: [String] = []
    let outcome = try run(other, in: workspace.path, options) {
      told += $0
      return goesOn
    }
    #expect(
      told == [
        "batch: 8 in the checkpoint, 6 in the program",
        "opt.lr: 0.02 in the checkpoint, 0.05 in the program",
      ])
    #expect(outcome.losses.isEmpty != goesOn)
    #expect(outcome.errors.contains("the program is not that of the checkpoint") != goesOn)
  }

  @Test func `a run that cannot save does not begin`() throws {
    let workspace = try Workspace()
    try Data().write(to: URL(fileURLWithPath: workspace.path + "/out"))
    let outcome = try run(Self.program(epochs: 2), in: workspace.path)
    #expect(outcome.losses.isEmpty)
    #expect(outcome.errors.contains("the checkpoint cannot be written"))
  }

  /// Nothing is learned, so that the first epoch is never beaten.
  @Test func `what was best before a run was resumed stays the best`() throws {
    let workspace = try Workspace()
    func program(_ epochs: Int) -> String {
      Self.program(epochs: epochs).replacingOccurrences(of: "lr: 0.02", with: "lr: 0.0")
    }
    _ = try run(program(2), in: workspace.path)
    var options = RunOptions()
    options.start = .resume(path: workspace.path + "/out")
    let resumed = try run(program(4), in: workspace.path, options)
    #expect(resumed.losses.count == 6)
    let header = try Safetensors.header(of: workspace.path + "/out/best.safetensors")
    #expect(header.metadata["dlm.step"] == "3")
  }

  @Test func `a run that is stopped at the end of an epoch goes on with its clauses`() throws {
    let (whole, parts) = (try Workspace(), try Workspace())
    let logging = Self.program(epochs: 3)
      .replacingOccurrences(of: "checkpoint", with: "every epoch { log loss }\n  checkpoint")
    let all = try run(logging, in: whole.path)
    let first = try run(logging, in: parts.path, stopAfter: 3)
    var options = RunOptions()
    options.start = .resume(path: try #require(first.interruption).checkpoint)
    let second = try run(logging, in: parts.path, options)
    #expect(second.errors == "")
    #expect(first.losses + second.losses == all.losses)
    #expect(first.logged.count + second.logged.count == all.logged.count)
    #expect(try parts.bytes("out/last.safetensors") == whole.bytes("out/last.safetensors"))
  }

  /// The program with clauses that count, and what a checkpoint at the end of epoch 3 must not forget.
  private static func counting(epochs: Int) -> String {
    program(epochs: epochs).replacingOccurrences(
      of: "checkpoint",
      with: """
        when points.loss stalls 1 epochs by 10 { opt.lr *= 0.5 }
          stop when points.loss stalls 5 epochs by 10, restore best
          checkpoint
        """
    ).replacingOccurrences(of: "with Adam(lr: 0.02)", with: "with Adam(lr: 0.02) as opt")
  }

  @Test func `what clauses count in the epoch of a checkpoint is in it`() throws {
    let (whole, parts) = (try Workspace(), try Workspace())
    let all = try run(Self.counting(epochs: 9), in: whole.path)
    #expect(all.errors == "")
    // Stopped by the clause in epoch 6.
    #expect(all.losses.count == 18)
    let first = try run(Self.counting(epochs: 3), in: parts.path)
    var options = RunOptions()
    options.start = .resume(path: "\(parts.path)/out")
    let second = try run(Self.counting(epochs: 9), in: parts.path, options)
    #expect(first.losses + second.losses == all.losses)
    #expect(try parts.bytes("out/last.safetensors") == whole.bytes("out/last.safetensors"))
    // It has ended: nothing is left to do.
    #expect(try run(Self.counting(epochs: 9), in: parts.path, options).losses == [])
  }

  @Test func `a rate that a schedule gives is multiplied by a clause as a number is`() throws {
    let (plain, scheduled) = (try Workspace(), try Workspace())
    let text = Self.counting(epochs: 4)
    let all = try run(text, in: plain.path)
    let other =
      text.replacingOccurrences(of: "lr: 0.02", with: "lr: flat(0.02)")
      + "\nschedule flat(v: real) at step { v + 0 * step }"
    let found = try run(other, in: scheduled.path)
    #expect(found.errors == "")
    #expect(found.losses == all.losses)
    // And what it has become goes on from a checkpoint.
    let again = try Workspace()
    let first = try run(
      other.replacingOccurrences(of: "epochs 4", with: "epochs 3"), in: again.path)
    var options = RunOptions()
    options.start = .resume(path: "\(again.path)/out")
    #expect(first.losses + (try run(other, in: again.path, options)).losses == all.losses)
  }

  @Test func `a checkpoint before the first evaluation is the last and not the best`() throws {
    let workspace = try Workspace()
    let text = Self.program(epochs: 2)
      .replacingOccurrences(of: "\"out\" every epoch", with: "\"out\" every 2 steps")
    let outcome = try run(text, in: workspace.path)
    #expect(outcome.errors == "")
    let best = try Safetensors.header(of: workspace.path + "/out/best.safetensors")
    #expect(best.metadata["dlm.step"] == "4")
  }

  @Test func `the best by a loss is the lowest`() throws {
    let workspace = try Workspace()
    let text = Self.program(epochs: 6).replacingOccurrences(of: "by points.loss", with: "by loss")
    let outcome = try run(text, in: workspace.path)
    #expect(outcome.errors == "")
    // The loss that an epoch leaves is that of its last step.
    let last = (0..<6).map { outcome.losses[3 * $0 + 2] }
    let best = try #require(last.indices.min { last[$0] < last[$1] })
    let header = try Safetensors.header(of: workspace.path + "/out/best.safetensors")
    #expect(header.metadata["dlm.step"] == "\(3 * (best + 1))")
  }

  @Test func `an evaluation asks for no numbers of a step`() throws {
    let workspace = try Workspace()
    let text = Self.program(epochs: 1).replacingOccurrences(
      of: "every epoch { eval", with: "every epoch { log loss\n eval")
    _ = try run(text, in: workspace.path)
    var options = RunOptions()
    options.start = .evaluate(path: workspace.path + "/out")
    let outcome = try run(text, in: workspace.path, options)
    #expect(outcome.errors == "")
    #expect(outcome.metrics["points.loss"]?.count == 1)
  }

  @Test func `a checkpoint of another program is refused`() throws {
    let workspace = try Workspace()
    _ = try run(Self.program(epochs: 1), in: workspace.path)
    var options = RunOptions()
    options.start = .resume(path: workspace.path + "/out")
    let deeper = Self.program(epochs: 2)
      .replacingOccurrences(of: "|> Linear(3)", with: "|> Linear(3) |> Linear(3)")
    let outcome = try run(deeper, in: workspace.path, options)
    #expect(outcome.errors.contains("the checkpoint has no `net.linear3.w`"))
    let renamed = Self.program(epochs: 2).replacingOccurrences(of: "train fit", with: "train fits")
    #expect(throws: UnknownTraining.self) { try run(renamed, in: workspace.path, options) }
  }

  @Test func `a smoke run takes one batch of each loop and writes nothing`() throws {
    let workspace = try Workspace()
    var options = RunOptions()
    options.isSmoke = true
    let outcome = try run(Self.program(epochs: 5), in: workspace.path, options)
    #expect(outcome.losses.count == 1)
    #expect(outcome.metrics["points.loss"]?.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path).isEmpty)
  }
}
