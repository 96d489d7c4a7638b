import DLMInterpreter
import Testing

/// The clauses of a `train` block.
@Suite struct TrainingTests {
  /// By hand: a mean of 2, 3 * 1 for each time a layer is applied, 0.5 * 1^2 for its weight, once.
  @Test func `what layers of a step add is in the first objective over them`() throws {
    let outcome = try run(
      """
      data d = rows(x: [[1.0], [1.0]])
      layer P(x: real[B, 1]) -> real[B, 1] {
        param w: real[1] = 1 penalize l2(0.5)
        penalize 3 * mean(x) as extra
        training ? 2 * x * w : 0 * x * w
      }
      let p = P(), q = P()
      train t on d {
        batch 2
        step {
          let out = p(x)
          let other = q(x)
          minimize mean(out) over p with SGD(lr: 0)
          minimize mean(other) + mean(q(x)) over q with SGD(lr: 0) as second
        }
        every step { log loss, loss.terms, second.loss }
        every epoch { eval d { log mean(p(x)) as rest } }
      }
      """)
    #expect(outcome.errors == "")
    let logged = outcome.logged.first?.metrics ?? []
    #expect(logged.map(\.name) == ["loss", "mean", "w penalty", "extra", "second.loss"])
    #expect(logged.map(\.value) == [5.5, 2, 0.5, 3, 10.5])
    #expect(outcome.metrics["d.rest"] == [0])
  }

  /// A line through four points, with what a test adds to the block.
  private func fit(
    _ clauses: String, before: String = "", optimizer: String = "SGD(lr: 0.05)", batch: Int = 4,
    epochs: Int = 4, options: RunOptions = RunOptions(), folder: String = ""
  ) throws -> Outcome {
    try run(
      """
      data points = rows(x: [[0.0], [1.0], [2.0], [3.0]], t: [[1.0], [3.0], [5.0], [7.0]])
      layer Line(x: real[B, 1]) -> real[B, 1] {
        param w: real[1, 1] = 0, b: real[1] = 0
        x @ w + b
      }
      let line = Line()
      \(before)
      train fit on points {
        batch \(batch)
        epochs \(epochs)
        minimize mse(line(x), t) over line with \(optimizer)
        \(clauses)
      }
      print line([[0.0], [1.0]])
      """, in: folder, options)
  }

  @Test func `a schedule gives the rate of each step`() throws {
    let scheduled = try fit(
      "",
      before:
        "schedule ramp(top: real, over: int) at step { step < over ? top * step / over : top }",
      optimizer: "SGD(lr: ramp(0.08, over: 4))", epochs: 6)
    #expect(scheduled.errors == "")
    // The same by hand: w and b after steps with the rates 0.02, 0.04, 0.06, 0.08, 0.08, 0.08.
    var (w, b) = (0.0, 0.0)
    var losses: [Double] = []
    for step in 1...6 {
      let rate = 0.08 * min(1, Double(step) / 4)
      let errors = (0..<4).map { w * Double($0) + b - Double(2 * $0 + 1) }
      losses.append(errors.map { $0 * $0 }.reduce(0, +) / 4)
      w -= rate * (0..<4).map { 2 * errors[$0] * Double($0) }.reduce(0, +) / 4
      b -= rate * errors.map { 2 * $0 }.reduce(0, +) / 4
    }
    for (found, expected) in zip(scheduled.losses, losses) {
      #expect(abs(found - expected) < 1e-4 * expected)
    }
  }

  @Test func `gradients that are accumulated update like one batch of all`() throws {
    let whole = try fit("", batch: 4, epochs: 3)
    let parts = try fit("accumulate 4", batch: 1, epochs: 3)
    #expect(parts.errors == "")
    #expect(parts.losses.count == 12)
    #expect(whole.printed == parts.printed)
  }

  @Test func `clipping bounds the length of a step`() throws {
    // The first gradient is (-17, -8): far longer than 1, in direction (0.905, 0.426).
    let outcome = try fit("clip norm 1.0", optimizer: "SGD(lr: 1.0)", epochs: 1)
    #expect(outcome.errors == "")
    #expect(outcome.printed == ["[[0.4258],\n [1.33062]]"])
    let values = try fit("clip value 0.5", optimizer: "SGD(lr: 1.0)", epochs: 1)
    #expect(values.printed == ["[[0.5],\n [1]]"])
  }

  @Test func `a clause may change a rate, and the steps after it use that`() throws {
    let outcome = try run(
      """
      data points = rows(x: [[1.0]], t: [[1.0]])
      layer Line(x: real[B, 1]) -> real[B, 1] { param w: real[1, 1] = 0
        x @ w }
      let line = Line()
      train fit on points {
        batch 1
        epochs 4
        minimize mse(line(x), t) over line with SGD(lr: 0.25) as opt
        when epoch == 2 { opt.lr *= 2 }
        every epoch { print opt.lr, opt.loss }
      }
      """)
    #expect(outcome.errors == "")
    // The loss is (w - 1)^2: a rate of 0.25 halves the error, one of 0.5 takes it away.
    #expect(outcome.printed == ["0.25 1", "0.25 0.25", "0.5 0.0625", "0.5 0"])
  }

  @Test func `a training stops when its metric stalls, and takes back the best`() throws {
    let workspace = try Workspace()
    let outcome = try fit(
      """
      every epoch { eval points { log mse(line(x), t) as loss } }
      stop when points.loss stalls 2 epochs, restore best
      checkpoint "out" every epoch, keep best 1 by points.loss
      """, optimizer: "SGD(lr: 0.6)", epochs: 50, folder: workspace.path)
    #expect(outcome.errors == "")
    // The rate is too large: every epoch is worse than the one before, so the third is the last.
    #expect(outcome.losses.count == 3)
    let losses = try #require(outcome.metrics["points.loss"])
    #expect(losses[0] < losses[1] && losses[1] < losses[2])
    let first = try fit("", optimizer: "SGD(lr: 0.6)", epochs: 1)
    #expect(outcome.printed == first.printed)
  }

  @Test func `a condition on the loss is looked at after every step`() throws {
    let outcome = try fit("stop when loss < 0.5", epochs: 500)
    #expect(outcome.errors == "")
    let last = try #require(outcome.losses.last)
    #expect(last < 0.5)
    #expect(outcome.losses.dropLast().allSatisfy { $0 >= 0.5 })
  }

  @Test func `a loss without end ends the run with the step`() throws {
    let outcome = try fit("", optimizer: "SGD(lr: 1e30)", epochs: 50)
    #expect(outcome.errors.contains("the loss is infinite after step"))
    #expect(outcome.losses.count < 10)
  }

  @Test func `the first operator that gives no number is named with its place and values`() throws {
    let outcome = try run(
      """
      data d = rows(x: [[1.0], [-2.0], [3.0], [0.5]], y: [[1.0], [1.0], [2.0], [0.1]])
      layer Scale(x: real[B, 1]) -> real[B, 1] {
        param w: real[1, 1] = 0.5
        let h = x @ w
        let bad = log(h)
        bad
      }
      let b = Scale()
      train t on d {
        batch 2
        epochs 3
        minimize mse(b(x), y) over b with SGD(lr: 0.1)
      }
      """)
    #expect(outcome.errors.contains("test.dlm:5:13"), "\(outcome.errors)")
    let words = "in step 1 `log` of -1 at [1, 0] is the first that gives no number for `bad`"
    #expect(outcome.errors.contains(words))
  }

  @Test func `a step is done again from where the training was kept last`() throws {
    let program = """
      data d = rows(x: [[1.0], [2.0], [3.0], [0.5]])
      layer Falling(x: real[B, 1]) -> real[B, 1] {
        param w: real[1] = 1
        state seen: real = 0
        when training { seen = seen + 1 }
        log(x * w) * (seen > 3 ? 1 : 1)
      }
      let f = Falling()
      train t on d {
        batch 1 shuffled
        epochs 20
        minimize mean(f(x)) over f with Adam(lr: 0.2)
      }
      """
    let fromFirst = try run(program)
    var options = RunOptions()
    options.longestReplay = .zero
    let fromLast = try run(program, in: "", options)
    #expect(fromFirst.errors.contains("`log` of -"), "\(fromFirst.errors)")
    #expect(fromFirst.losses.count > 4)
    #expect(fromLast.errors == fromFirst.errors)
  }

  @Test func `a gradient that is no number is named by the step before`() throws {
    let outcome = try run(
      """
      data d = rows(x: [[1.0], [4.0], [0.0], [1.0]], y: [[1.0], [1.0], [2.0], [0.1]])
      layer Root(x: real[B, 1]) -> real[B, 1] {
        param w: real[1, 1] = 0.5
        sqrt(x @ w)
      }
      let b = Root()
      train t on d {
        batch 1
        minimize mse(b(x), y) over b with SGD(lr: 0.01)
      }
      """)
    #expect(outcome.errors.contains("not a number after step 4"), "\(outcome.errors)")
    #expect(outcome.errors.contains("in step 3 the gradient through"), "\(outcome.errors)")
    #expect(outcome.errors.contains("test.dlm:4:3"), "\(outcome.errors)")
  }

  @Test func `a label beyond its classes is told at the argument, with step and row`() throws {
    let outcome = try run(
      """
      data d = rows(x: [[1.0], [-2.0]], y: [0, 5]) |> map(y, fn (y) { index(y, 3) })
      let b = Linear(3)
      train t on d {
        batch 2
        minimize cross_entropy(b(x), y) over b with SGD(lr: 0.1)
      }
      """)
    let words = "`y` is 5 in row 1 of this batch, outside 0..<3"
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.contains("test.dlm:5:32"))
    #expect(outcome.errors.contains("step 1, epoch 1"))
  }

  /// One step on two weights of 0.5, `a` and `b`, with the input 1 and the target 1; what `end` prints.
  private func step(_ body: String, end: String) throws -> [String] {
    let outcome = try run(
      """
      data points = rows(x: [[1.0]], t: [[1.0]])
      layer Scale(x: real[B, 1]) -> real[B, 1] {
        param w: real[1, 1] = 0.5
        x @ w
      }
      let a = Scale(), b = Scale()
      train fit on points {
        batch 1
        epochs 1
        step {
          \(body)
        }
        every epoch { print \(end) }
      }
      """)
    #expect(outcome.errors == "")
    return outcome.printed
  }

  @Test func `several updates in a step each see what the one before has done`() throws {
    let printed = try step(
      """
      minimize mse(a(x), t) over a with SGD(lr: 0.5) as first
      minimize mse(b(a(x)), t) over b with SGD(lr: 0.5) as second
      let product = sum(b(a(x)))
      """, end: "first.loss, second.loss, product")
    // a becomes 1; then b sees 1 and becomes 1.
    #expect(printed == ["0.25 0.25 1"])
  }

  @Test func `no gradient flows through the update of another module`() throws {
    // b's loss depends on a's update, which depends on b: but a's new weight is a constant for b.
    let printed = try step(
      """
      minimize mse(a(b(x)), t) over a with SGD(lr: 0.5) as first
      minimize mse(a(b(x)), t) over b with SGD(lr: 0.5) as second
      """, end: "a([[1.0]]), b([[1.0]])")
    // a: 0.5 - 0.5 * 2 * (0.25 - 1) * 0.5 = 0.875; then b: 0.5 - 0.5 * 2 * (0.4375 - 1) * 0.875.
    #expect(printed == ["[[0.875]] [[0.99219]]"])
  }

  @Test func `restoring without a best is refused`() throws {
    let outcome = try fit("stop when loss < 1, restore best")
    #expect(outcome.errors.contains("T008"))
    #expect(outcome.losses.isEmpty)
  }

  /// Beside `f32` numbers that the optimizers keep of all parameters.
  @Test(arguments: ["f64", "bf16"], ["LBFGS(search: 3)", "Newton(damping: 0.1)", "Adam(lr: 0.1)"])
  func `parameters of other elements are trained`(_ element: String, _ optimizer: String) throws {
    let outcome = try run(
      """
      data d = rows(x: \(element)([[0.0], [1.0], [2.0]]), y: \(element)([[1.0], [3.0], [5.0]]))
      layer Line(x: \(element)[B, 1]) -> \(element)[B, 1] {
          param w: \(element)[1, 1] = 0.5, b: \(element)[1] = 0
          x @ w + b
      }
      let line = Line()
      train fit on d {
          batch 3
          epochs 12
          minimize mse(line(x), y) over line with \(optimizer)
      }
      """)
    #expect(outcome.errors == "")
    try #require(outcome.losses.count == 12)
    #expect(outcome.losses[11] < outcome.losses[0] / 4, "\(outcome.losses)")
  }
}
