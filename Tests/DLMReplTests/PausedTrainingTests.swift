import Testing

/// Trainings that stop and go on.
@Suite struct PausedTrainingTests {
  private let program = """
    data points = rows(
        x: [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0], [2.0, 1.0], [1.0, 2.0]],
        y: [[1.0], [1.0], [0.0], [0.0], [1.0], [0.5]])
    layer Net(x: real[B, 2]) -> real[B, 1] { x |> Linear(8) |> tanh |> Dropout(0.2) |> Linear(1) }
    let net = Net()
    train fit on points {
        batch 2 shuffled
        epochs 4
        minimize mse(net(x), y) over net with Adam(lr: 0.1)
        every epoch { log loss }
    }
    """

  private func prompt(seed: UInt64 = 0) throws -> Prompt {
    let prompt = try Prompt(seed: seed)
    try prompt.enter(program)
    return prompt
  }

  @Test func `Ctrl-C while a training is made ready pauses it before its first step`() throws {
    let whole = try prompt()
    try whole.enter(":run fit")
    let prompt = try prompt()
    prompt.interruptions = { 1 }
    #expect(try prompt.enter(":run fit").contains("fit paused after step 0, epoch 1"))
    prompt.interruptions = { 0 }
    try prompt.enter(":continue")
    #expect(prompt.losses == whole.losses)
  }

  @Test func `an epoch at whose end a training pauses is told like any other`() throws {
    let prompt = try prompt()
    try prompt.enter(":run fit 3 steps")
    #expect(prompt.loggedSteps == [3])
    try prompt.enter(":continue until epoch 2")
    #expect(prompt.loggedSteps == [6])
    try prompt.enter(":continue")
    #expect(prompt.loggedSteps == [9, 12])
  }

  @Test func `what undo takes back of a training can be trained again, number by number`() throws {
    let prompt = try prompt()
    try prompt.enter(":run fit 2 steps")
    try prompt.enter(":continue 6 steps")
    let losses = prompt.losses
    #expect(losses.count == 6)
    #expect(try prompt.enter(":undo") == "undone\n")
    try prompt.enter(":continue 6 steps")
    #expect(prompt.losses == losses)
    // The end, and what comes before it, too.
    try prompt.enter(":continue")
    #expect(prompt.losses.count == 4)
    try prompt.enter(":undo")
    try prompt.enter(":undo")
    try prompt.enter(":continue 6 steps")
    #expect(prompt.losses == losses)
  }

  @Test func `undo takes back a rate`() throws {
    let prompt = try prompt()
    try prompt.enter(":run fit 2 steps")
    try prompt.enter(":continue 4 steps")
    let losses = prompt.losses
    try prompt.enter(":undo")
    try prompt.enter("opt.lr = 0.7")
    try prompt.enter(":undo")
    try prompt.enter(":continue 4 steps")
    #expect(prompt.losses == losses)
    try prompt.enter(":undo")
    try prompt.enter("opt.lr = 0.7")
    try prompt.enter(":continue 4 steps")
    #expect(prompt.losses != losses)
  }

  @Test func `what an optimizer does not take is refused, whole numbers are rates`() throws {
    let prompt = try prompt()
    try prompt.enter(":run fit 2 steps")
    #expect(try prompt.enter("opt.lr = -1").contains("a learning rate is not negative"))
    #expect(try prompt.enter("opt.lr = \"x\"").contains("`opt.lr` takes a number, not a string"))
    #expect(try prompt.enter("opt.amsgrad = true").contains("stays as it is"))
    #expect(try prompt.enter("opt.lr").contains("0.1"))
    try prompt.enter("opt.lr = 1")
    #expect(try prompt.enter("opt.lr").contains("1 : real[]"))
  }

  @Test func `undo goes back before what had an effect, not before what was shown`() throws {
    let prompt = try prompt()
    for entry in ["let v = [1.0, 2.0]", "v", "print v", ":undo"] { try prompt.enter(entry) }
    #expect(try prompt.enter("v").contains("unknown name `v`"))
    #expect(try prompt.enter(":history -1").contains("is no number of entries"))
  }

  @Test func `a cursor inside a character stands before it`() throws {
    let prompt = try prompt()
    #expect(prompt.repl.complete("é", at: 1).start == 0)
  }

  @Test func `undo takes back the whole training`() throws {
    let prompt = try prompt()
    try prompt.enter(":run fit 2 steps")
    let losses = prompt.losses
    try prompt.enter(":undo")
    #expect(try prompt.enter(":continue").contains("nothing has been trained yet"))
    try prompt.enter(":run fit 2 steps")
    #expect(prompt.losses == losses)
  }

  @Test func `the seed of the prompt is that of a training`() throws {
    let (zero, one, other) = (try prompt(), try prompt(seed: 1), try prompt())
    try other.enter(":seed 1")
    for prompt in [zero, one, other] { try prompt.enter(":run fit 3 steps") }
    #expect(zero.losses != one.losses)
    #expect(other.losses == one.losses)
  }
}
