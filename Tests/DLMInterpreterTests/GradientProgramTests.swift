import Testing

/// Gradients in plain code, whatever has been printed, forgotten or drawn between.
@Suite struct GradientProgramTests {
  private func printed(_ text: String) throws -> [String] {
    let outcome = try run(text)
    try #require(outcome.errors.isEmpty, "\(outcome.errors)")
    return outcome.printed
  }

  @Test func `a gradient reaches back over a value that was printed`() throws {
    let lines = try printed(
      """
      let x = 3.0
      let y = x * x
      let z = y * x
      print z
      print grad(z, wrt: x)
      print grad(z, wrt: y)
      """)
    #expect(lines == ["27", "27", "3"])
  }

  @Test func `a gradient can be differentiated again`() throws {
    let lines = try printed(
      """
      let x = 2.0
      let y = x^4
      let d = grad(y, wrt: x)
      print d
      let e = grad(d, wrt: x)
      print e
      print grad(e, wrt: x)
      """)
    #expect(lines == ["32", "48", "48"])
  }

  @Test func `the same value by two ways adds up`() throws {
    let lines = try printed(
      """
      let x = 0.3, y = 0.7
      let z = 2 * sin(x + 3*y) + 6 * exp(5*x + y)
      let (dx, dy) = grad(z, wrt: [x, y])
      print dx, dy
      """)
    // 2 cos(2.4) + 30 exp(2.2), 6 cos(2.4) + 6 exp(2.2)
    #expect(lines == ["269.276 49.7257"])
  }

  @Test func `a loop that descends keeps nothing of its turns`() throws {
    let lines = try printed(
      """
      var w = 4.0
      for turn in 1..<2001 {
          let cost = (w - 1)^2
          w = w - 0.1 * grad(cost, wrt: w)
          if turn % 1000 == 0 { print w }
      }
      """)
    #expect(lines == ["1", "1"])
  }

  @Test func `a value that training changed later keeps its gradient`() throws {
    let lines = try printed(
      """
      data points = rows(x: [[1.0], [2.0]], t: [[2.0], [4.0]])
      layer Line(x: real[B, 1]) -> real[B, 1] { param w: real[1, 1] = 1
        x @ w }
      let line = Line()
      let x = [[3.0]]
      let y = sum(line(x))
      train fit on points {
        batch 2
        epochs 3
        minimize mse(line(x), t) over line with SGD(lr: 0.1)
      }
      print y, grad(y, wrt: x)
      print sum(line(x)) > 3
      """)
    #expect(lines == ["3 [[1]]", "true"])
  }

  @Test func `draws in plain code differ from one another and repeat with the seed`() throws {
    let text = "for i in 0..<3 { print normal[2] }\nprint fixed normal[2]"
    let (a, b) = (try printed(text), try printed(text))
    #expect(a == b)
    #expect(Set(a).count == 4)
  }

  @Test func `an index outside its range ends the run with its place`() throws {
    let outcome = try run(
      """
      let table = [[1.0, 2.0], [3.0, 4.0]]
      let row = index([0, 5], 9)
      print pick(table, row, over: -1)
      """)
    #expect(outcome.errors.contains("error["))
    #expect(outcome.printed.isEmpty)
  }
}
