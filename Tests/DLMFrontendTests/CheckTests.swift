import DLMSyntax
import Foundation
import Testing

@testable import DLMFrontend

@Suite struct CheckTests {
  static func example(_ name: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "examples/\(name).dlm"), encoding: .utf8)
  }

  @Test(arguments: ["mnist", "mlp", "xor", "neuron"])
  func `the examples are right`(_ name: String) throws {
    #expect(try drawn(Self.example(name), path: "\(name).dlm") == "")
  }

  @Test func `a width that is stated wrong is explained by the way it came about`() throws {
    let text = try Self.example("mnist").replacing("Linear(50)", with: "Linear(50, in: 300)")
    let shown = try drawn(text, path: "mnist.dlm")
    #expect(
      shown == """
        error[S012]: Linear was told to expect 300 features, but gets 320
           ┌─ mnist.dlm:8:21
         7 │       |> flatten                                          // editor shows: real[B, 320]
           │          ------- real[B, 320]
         8 │       |> Linear(50, in: 300) |> relu |> Dropout(0.5)
           │                     ^^^^^^^ 300 written here
           ·
        17 │     minimize nll(net(image), label) over net with SGD(lr: 0.01, momentum: 0.5)
           │                  ---------- called here with x: real[B, 1, 28, 28]
           = how 320 came about
               x                 real[B,  1, 28, 28]    image of `mnist` (data/mnist)
               Conv(10, k: 5)    real[B, 10, 24, 24]    28 - 5 + 1
               MaxPool(2)        real[B, 10, 12, 12]    24 div 2
               Conv(20, k: 5)    real[B, 20,  8,  8]    12 - 5 + 1
               MaxPool(2)        real[B, 20,  4,  4]    8 div 2
               flatten           real[B, 320]           20 * 4 * 4
           help: drop `in: 300` — it is inferred (or write `in: 320`)   [fix available]

        """)
  }

  /// Each line of a program that is wrong, and the code of what is said about it.
  @Test(arguments: [
    ("let a = relo(1.0)", "N001"),
    ("let a = softmax([1.0, 2.0], ovr: 0)", "N003"),
    ("let a = ones[2, 3] + ones[2, 4]", "S020"),
    ("let a = ones[2, 3] @ ones[4, 5]", "S018"),
    ("layer A(x: real[B, 4], y: real[B]) -> real[B] { let z = x |> Linear(1)\nz - y }", "S021"),
    ("layer A(x: real[B, 10]) -> logprob[B, 10] { softmax(x) }", "K012"),
    ("let a = nll(softmax(ones[2, 10]), index([1, 2], 10))", "K031"),
    ("let a = nll(log_softmax(ones[2, 9]), index([1, 2], 10))", "K032"),
    ("let a = ones[2, 3] |> Conv(4, k: 5)", "S019"),
    ("let a = ones[1, 1, 3, 3] |> Conv(4, k: 5)", "S017"),
    ("let a = reshape(ones[2, 3], [3, 2])", "S030"),
    ("let a = sum(ones[2, 3], over: 5)", "S009"),
    ("let a = Dropout(1.5)(ones[2])", "N025"),
    ("let a = 1\na = 2", "N008"),
    ("let a = grad(ones[3], wrt: 1.0)", "T005"),
    ("data d = idx(\"nowhere\")", "D002"),
    ("data d = rows(x: [[1.0], [2.0]], y: [1.0])", "N025"),
  ])
  func `mistakes are told with their code`(_ text: String, _ code: String) throws {
    let found = try problems(text)
    let shown = found.map { DiagnosticRenderer().render($0) }.joined()
    #expect(found.map(\.code) == [code], "\(shown)")
  }

  @Test func `an unknown option of an optimizer offers the nearest`() throws {
    let text = try Self.example("mnist").replacing("momentum: 0.5", with: "momentun: 0.5")
    let found = try problems(text)
    #expect(found.map(\.code) == ["N003"])
    #expect(found.first?.message == "unknown option `momentun` of SGD")
    #expect(found.first?.help == "did you mean `momentum`?")
  }

  @Test func `a layer that nothing calls is checked all the same`() throws {
    let text = "layer A(x: real[B, 1, 28, 28]) -> real[B, 10] { x |> flatten |> Linear(9) }"
    #expect(try problems(text).map(\.code) == ["S013"])
  }

  @Test func `one mistake is told once and does not hide the next`() throws {
    let text = "let a = foo(1)\nlet b = a + 1\nlet c = bar(2)"
    #expect(try problems(text).map(\.message) == ["unknown name `foo`", "unknown name `bar`"])
  }
}
