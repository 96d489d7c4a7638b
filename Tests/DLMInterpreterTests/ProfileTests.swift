import DLMCPU
import DLMInterpreter
import DLMTensor
import Foundation
import Testing

@Suite struct ProfileTests {
  private static let program = """
    data points = rows(x: normal[32, 6, 3], y: normal[32, 4])
    layer Net(x: real[B, T, I]) -> real[B, 4] {
        let h = LSTM(4)(x)
        h[.., 5, ..]
    }
    let net = Net()
    train fit on points {
        batch 8
        epochs 2
        minimize mse(net(x), y) over net with SGD(lr: 0.1)
    }
    """

  private func profile(on backend: any Backend) throws -> RunProfile {
    var options = RunOptions()
    options.profile = RunProfile()
    let outcome = try run(Self.program, options, backend: backend)
    #expect(outcome.errors == "")
    return try #require(options.profile)
  }

  @Test func `calls are told by line and operator, places of a scan one by one`() throws {
    let profile = try profile(on: CPUBackend(threads: 2))
    #expect(profile.runs == 8)
    #expect(profile.callNanoseconds <= profile.runNanoseconds)
    #expect(profile.arenaByteCount > 0)
    let products = profile.entries.filter { $0.line == 3 && $0.label.contains("matmul") }
    // Forwards and backwards, six places in each of eight steps; what is done once may be one of them.
    #expect(products.count { $0.calls >= 8 * 6 } >= 2)
    let report = ProfileReport(profile, program: Self.program)
    for text in ["3: let h = LSTM(4)(x)", "10: minimize mse", "between kernels", "8 runs of plans"]
    {
      #expect(report.text.contains(text), "\(report.text)")
    }
  }

  @Test func `a trace is JSON with an event for each call`() throws {
    let profile = try profile(on: ReferenceBackend())
    let report = ProfileReport(profile, program: Self.program)
    let object = try JSONSerialization.jsonObject(with: Data(report.trace.utf8))
    let events = try #require((object as? [String: Any])?["traceEvents"] as? [[String: Any]])
    #expect(events.count == profile.entries.reduce(0) { $0 + $1.calls })
    #expect(events.allSatisfy { $0["ph"] as? String == "X" && $0["dur"] as? Double ?? -1 >= 0 })
  }

  @Test func `a profile changes no number`() throws {
    var options = RunOptions()
    options.profile = RunProfile()
    let plain = try run(Self.program)
    let timed = try run(Self.program, options)
    #expect(plain.losses == timed.losses)
  }
}
