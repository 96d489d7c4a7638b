import Foundation
import Testing

@testable import DLMFormats

/// A folder of a test's own, removed with it.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "dlm-formats-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}

@Suite struct AtomicFileTests {
  @Test func `a file gets a second name and keeps its first`() throws {
    let folder = try Folder()
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
      try Data(bytes).write(to: URL(filePath: folder.file(name)))
      return folder.file(name)
    }
    let (old, new) = (try write([1, 2], "last"), try write([3], "last-1"))
    try FileSystem.linkFile(old, to: new)
    #expect(try Array(Data(contentsOf: URL(filePath: new))) == [1, 2])
    #expect(try Array(Data(contentsOf: URL(filePath: old))) == [1, 2])
    // What takes the first name leaves the second as it is.
    try FileSystem.moveFile(write([4], "next"), to: old)
    #expect(try Array(Data(contentsOf: URL(filePath: new))) == [1, 2])
    try FileSystem.linkFile(old + "x", to: new + "x")
    #expect(!FileSystem.exists(new + "x"))
  }

  @Test func `bytes arrive in order, small and large pieces mixed`() throws {
    let folder = try Folder()
    var expected: [UInt8] = []
    try AtomicFile.write(folder.file("a")) { writer throws(FileError) in
      for index in 0..<300 {
        let piece = [UInt8](repeating: UInt8(index & 255), count: index % 7 == 0 ? 70_000 : index)
        expected += piece
        try writer.write(piece)
      }
    }
    #expect([UInt8](try Data(contentsOf: URL(filePath: folder.file("a")))) == expected)
    #expect(folder.names == ["a"])
  }

  @Test func `a body that fails leaves the old file and nothing else`() throws {
    let folder = try Folder()
    let path = folder.file("a")
    try AtomicFile.write(path) { writer throws(FileError) in try writer.write("old") }
    let failure = FileError(path: path, operation: .read, code: 5)
    #expect(throws: failure) {
      try AtomicFile.write(path) { writer throws(FileError) in
        try writer.write("new")
        throw failure
      }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(folder.names == ["a"])
  }

  @Test func `a temporary file left by another run is in nobody's way`() throws {
    let folder = try Folder()
    let stale = ".\(getpid())-0.a.tmp"
    try Data("stale".utf8).write(to: URL(filePath: folder.file(stale)))
    try AtomicFile.write(folder.file("a")) { writer throws(FileError) in try writer.write("new") }
    #expect(try String(contentsOfFile: folder.file("a"), encoding: .utf8) == "new")
    #expect(folder.names == [stale, "a"])
  }

  @Test func `a link stays a link, and a file keeps its mode`() throws {
    let folder = try Folder()
    let (path, link) = (folder.file("a"), folder.file("b"))
    try Data("old".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a")
    try AtomicFile.write(link) { writer throws(FileError) in try writer.write("new") }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o640)
    #expect(folder.names == ["a", "b"])
  }

  @Test func `a missing folder is named`() throws {
    let path = try Folder().file("missing/a")
    #expect(throws: FileError(path: path, operation: .open, code: ENOENT)) {
      try AtomicFile.write(path) { _ in }
    }
  }

  @Test func `a folder is not replaced by a file`() throws {
    let folder = try Folder()
    let path = folder.file("a")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: FileError(path: path, operation: .rename, code: EISDIR)) {
      try AtomicFile.write(path) { writer throws(FileError) in try writer.write("x") }
    }
    #expect(folder.names == ["a"])
  }
}
