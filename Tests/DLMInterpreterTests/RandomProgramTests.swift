import DLMCPU
import DLMInterpreter
import DLMSyntax
import DLMTestSupport
import Foundation
import Testing

/// Random programs over all operators beside another framework: values, gradients, gradients of gradients.
/// `Golden/random_programs.py` draws them, thousands if asked to, and keeps some for this test.
@Suite struct RandomProgramTests {
  @Test(arguments: CPUBackend.testedKernels)
  func `random programs agree with PyTorch`(_ isa: String) throws {
    let path = "\(Repository.root)/Tests/DLMInterpreterTests/Golden/random/programs.dlm"
    let file = try #require(SourceFile(readingGolden: path))
    let backend = try CPUBackend(testing: isa, threads: 2)
    let session = try Session(folder: "", options: RunOptions(), backend: backend) { _ in }
    var count = 0
    let run = try session.test(Parser.parse(file).tree) { name, diagnostic in
      count += 1
      #expect(diagnostic == nil, "\(name)")
    }
    #expect(run.diagnostics.isEmpty)
    // The programs, and the gradient that one of their functions writes itself.
    #expect(count == file.text.split(separator: "\n").filter { $0.hasPrefix("test ") }.count + 1)
    #expect(count > 80)
  }
}

extension SourceFile {
  fileprivate convenience init?(readingGolden path: String) {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    self.init(path: "programs.dlm", text: text)
  }
}
