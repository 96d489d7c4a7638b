import Foundation
import Testing

/// Rules about the files of the repository, held by reading them.
@Suite struct RepositoryTests {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Paths below `folder`, relative to the root, whose name ends in one of `extensions`.
  static func files(in folder: String, _ extensions: Set<String>) throws -> [String] {
    let base = root.appending(path: folder).path
    let found = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
    return found.filter { extensions.contains(($0 as NSString).pathExtension) }
      .map { "\(folder)/\($0)" }.sorted()
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test func `shipped targets do not import Foundation`() throws {
    let sources = try Self.files(in: "Sources", ["swift"])
    #expect(!sources.isEmpty)
    for path in sources {
      for line in try Self.text(path).split(separator: "\n") {
        #expect(line != "import Foundation", "\(path) imports all of Foundation")
      }
    }
  }

  @Test func `no source file is longer than 600 lines`() throws {
    for path in try Self.files(in: "Sources", ["swift", "c", "h", "inc", "dlm"]) {
      let lines = try Self.text(path).split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines <= 600, "\(path) has \(lines) lines")
    }
  }

  @Test func `no line of dlm is longer than 100 characters`() throws {
    for path in try Self.files(in: "Sources/CDLMPrelude", ["dlm"])
      + Self.files(in: "examples", ["dlm"])
    {
      let lines = try Self.text(path).split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        #expect(line.count <= 100, "\(path):\(index + 1)")
      }
    }
  }

  @Test func `every folder of sources is a target`() throws {
    let manifest = try Self.text("Package.swift")
    let sources = Self.root.appending(path: "Sources")
    for folder in try FileManager.default.contentsOfDirectory(atPath: sources.path) {
      // git keeps no empty folders, a checkout may.
      let contents = try FileManager.default.contentsOfDirectory(
        atPath: sources.appending(path: folder).path)
      #expect(
        contents.isEmpty || manifest.contains("name: \"\(folder)\""), "\(folder) is in no target")
    }
  }

  @Test func `MNIST in the examples is complete`() throws {
    let sizes = [
      "train-images-idx3-ubyte.gz": 9_719_438, "train-labels-idx1-ubyte.gz": 28_857,
      "t10k-images-idx3-ubyte.gz": 1_616_508, "t10k-labels-idx1-ubyte.gz": 4_517,
    ]
    for (name, size) in sizes {
      let data = try Data(
        contentsOf: Self.root.appending(path: "examples/data/mnist/\(name)"))
      #expect(data.count == size, "\(name)")
    }
  }
}
