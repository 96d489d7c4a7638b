import Foundation
import Testing

/// `dlm repl --json` as a notebook sees it.
@Suite struct MachineModeTests {
  /// What comes back on these lines, object by object.
  private func answers(_ lines: [String]) throws -> [[String: Any]] {
    let ending = try dlm(["repl", "--json"], input: lines.map { $0 + "\n" }.joined())
    #expect(ending.status == 0)
    #expect(ending.errors == "")
    return try ending.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  private func code(_ id: Int, _ text: String) throws -> String {
    let object: [String: Any] = ["id": id, "code": text]
    return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  private func results(_ answer: [String: Any]) -> [[String: String]] {
    answer["results"] as? [[String: String]] ?? []
  }

  @Test func `values, bindings and commands are results`() throws {
    let found = try answers([
      code(1, "1 + 1"), code(2, "let x = [1.5, 2.5]"), code(3, ":t x"), code(4, "Linear(2)(x)"),
    ])
    #expect(found.map { $0["id"] as? Int } == [1, 2, 3, 4])
    #expect(results(found[0]) == [["type": "int", "text": "2"]])
    #expect(results(found[1]) == [["name": "x", "type": "real[2]", "text": "[1.5000, 2.5000]"]])
    #expect(results(found[2]) == [["text": "x : real[2]"]])
    #expect(results(found[3])[0]["remark"]?.hasPrefix("params 6 ") ?? false)
  }

  @Test func `a mistake comes with its place and changes nothing`() throws {
    let found = try answers([code(1, "print rleu(3)"), code(2, "let é = = 1"), code(3, "1")])
    let first = try #require((found[0]["diagnostics"] as? [[String: Any]])?.first)
    #expect(first["code"] as? String == "N001")
    #expect(first["severity"] as? String == "error")
    #expect(first["help"] as? String == "did you mean `relu`?")
    #expect([first["start"] as? Int, first["end"] as? Int] == [6, 10])
    #expect((first["text"] as? String)?.contains("^^^^") ?? false)
    #expect((found[1]["diagnostics"] as? [Any])?.isEmpty == false)
    #expect(results(found[2]).count == 1)
  }

  @Test func `what is not whole is not evaluated`() throws {
    let found = try answers([code(1, "let x = ["), code(2, "x")])
    #expect(found[0]["isIncomplete"] as? Bool == true)
    #expect(found[0]["results"] == nil)
    #expect((found[1]["diagnostics"] as? [Any])?.count == 1)
  }

  @Test func `what is no request is answered by what is wrong with it`() throws {
    let found = try answers(["no json", #"{"id": "a"}"#, "", try code(3, "2")])
    #expect((found[0]["error"] as? String)?.hasPrefix("no JSON") ?? false)
    #expect(found[1]["id"] as? String == "a")
    #expect(found[1]["error"] is String)
    #expect(found.last?["id"] as? Int == 3)
  }

  @Test func `candidates replace what is begun, with the shapes that result`() throws {
    let found = try answers([
      code(1, "let grüße = ones[2, 3]"), #"{"id": 2, "complete": "ones[2, 3] |> soft"}"#,
      #"{"id": 3, "complete": "1 + lo", "at": 0}"#,
    ])
    #expect(found[1]["start"] as? Int == 14)
    let candidates = try #require(found[1]["candidates"] as? [[String: String]])
    #expect(candidates.contains { $0["text"] == "softmax" && $0["detail"] == "-> prob[2, 3]" })
    #expect(found[2]["start"] as? Int == 0)
  }

  @Test func `events come before the answer of what caused them`() throws {
    let program = """
      data points = rows(x: [[0.0, 1.0], [1.0, 0.0]], y: [[1.0], [0.0]])
      let net = Linear(1)
      train fit on points {
          batch 2
          epochs 3
          minimize mse(net(x), y) over net with SGD(lr: 0.1)
          every epoch { log loss }
      }
      """
    let found = try answers([
      code(1, program), code(2, "print 1, 2"), code(3, ":run fit 2 steps"), code(4, ":continue"),
      code(5, ":quit"), code(6, "1"),
    ])
    let events = found.map { $0["event"] as? String ?? "\($0["id"] ?? "")" }
    #expect(
      events == [
        "1", "printed", "2", "began", "logged", "logged", "3", "began", "logged", "ended", "4", "5",
      ])
    #expect(found[1]["text"] as? String == "1 2")
    #expect((found[4]["metrics"] as? [String: Double])?["loss"] != nil)
    #expect(results(found[6])[0]["text"]?.hasPrefix("fit paused after step 2, epoch 2") ?? false)
  }
}
