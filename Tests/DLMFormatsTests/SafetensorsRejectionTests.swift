import DLMTensor
import DLMTestSupport
import Foundation
import Testing

@testable import DLMFormats

@Suite struct SafetensorsRejectionTests {
  typealias Problem = SafetensorsError.Problem

  static func tensor(_ name: String, _ type: String, _ shape: String, _ offsets: String) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let headers: [(String, Int, Problem)] = [
    // Ranges that overlap, leave holes, lie outside or are turned round.
    (
      "{\(tensor("a", "U8", "[4]", "[0,4]")),\(tensor("b", "U8", "[4]", "[2,6]"))}", 8,
      .notContiguous(tensor: "b", begins: 2, expected: 4)
    ),
    (
      "{\(tensor("a", "U8", "[4]", "[0,4]")),\(tensor("b", "U8", "[4]", "[5,9]"))}", 9,
      .notContiguous(tensor: "b", begins: 5, expected: 4)
    ),
    (
      "{\(tensor("a", "U8", "[4]", "[1,5]"))}", 5,
      .notContiguous(tensor: "a", begins: 1, expected: 0)
    ),
    ("{\(tensor("a", "U8", "[4]", "[0,4]"))}", 5, .unusedBytes(1)),
    ("{\(tensor("a", "U8", "[4]", "[4,0]"))}", 4, .wrongLength(tensor: "a", bytes: -4, needs: 4)),
    ("{\(tensor("a", "F32", "[4]", "[0,4]"))}", 4, .wrongLength(tensor: "a", bytes: 4, needs: 16)),
    ("{}", 3, .unusedBytes(3)),
    // Sizes that do not fit a number.
    (
      "{\(tensor("a", "F32", "[4611686018427387904,4]", "[0,0]"))}", 0,
      .shapeTooLarge(tensor: "a", shape: [1 << 62, 4])
    ),
    (
      "{\(tensor("a", "U8", "[0,4611686018427387904,4]", "[0,0]"))}", 0,
      .shapeTooLarge(tensor: "a", shape: [0, 1 << 62, 4])
    ),
    // Names and types.
    (
      "{\(tensor("a", "U8", "[1]", "[0,1]")),\(tensor("a", "U8", "[1]", "[1,2]"))}", 2,
      .duplicate(tensor: "a")
    ),
    ("{\(tensor("a", "F4", "[1]", "[0,2]"))}", 2, .unsupportedType(tensor: "a", name: "F4")),
    // JSON that is another text or another tree.
    ("", 0, .json(JSONError(offset: 0, problem: .expected("`{`")))),
    ("{} x", 0, .json(JSONError(offset: 3, problem: .expected("nothing more")))),
    (#"{"a":{}}"#, 0, .json(JSONError(offset: 6, problem: .expected("a string")))),
    (
      #"{"a":{"dtype":"U8"}}"#, 0,
      .json(JSONError(offset: 18, problem: .expected("`data_offsets`")))
    ),
    (
      #"{"a":{"dtype":"U8","dtype":"U8"}}"#, 0,
      .json(JSONError(offset: 19, problem: .expected("`data_offsets`, `shape`")))
    ),
    (
      #"{"a":{"data_offsets":[0,1,2]}}"#, 0,
      .json(JSONError(offset: 6, problem: .expected("two offsets")))
    ),
    (
      #"{"__metadata__":{"a":1}}"#, 0, .json(JSONError(offset: 21, problem: .expected("a string")))
    ),
    (
      #"{"__metadata__":{"a":"","a":""}}"#, 0,
      .json(JSONError(offset: 24, problem: .expected("each key once")))
    ),
    (
      #"{"__metadata__":{},"__metadata__":{}}"#, 0,
      .json(JSONError(offset: 19, problem: .expected("`__metadata__` once")))
    ),
  ]

  @Test(arguments: headers)
  func `a header that does not fit its data is refused`(
    _ header: String, _ dataByteCount: Int, _ problem: Problem
  ) throws {
    let bytes = SafetensorsTests.bytes(
      header: header, data: [UInt8](repeating: 0, count: dataByteCount))
    #expect(try SafetensorsTests.problem(reading: bytes) == problem)
  }

  @Test func `data that ends too early is refused`() throws {
    let header = "{\(Self.tensor("a", "F32", "[1048576]", "[0,4194304]"))}"
    let bytes = SafetensorsTests.bytes(header: header, data: [1, 2, 3])
    let start = 8 + header.utf8.count
    #expect(
      try SafetensorsTests.problem(reading: bytes)
        == .tooShort(has: start + 3, needs: start + 4_194_304))
  }

  @Test func `a header that is longer than the file or the limit takes no memory`() throws {
    let eight = [UInt8](repeating: 0xFF, count: 8)
    #expect(
      try SafetensorsTests.problem(reading: eight)
        == .headerTooLarge(bytes: .max, limit: Safetensors.headerLimit))
    #expect(
      try SafetensorsTests.problem(reading: [0, 0, 0, 1, 0, 0, 0, 0, 0x7B])
        == .tooShort(has: 9, needs: 8 + 1 << 24))
    #expect(try SafetensorsTests.problem(reading: [1, 0, 0]) == .tooShort(has: 3, needs: 8))
  }

  @Test func `a boolean is 0 or 1`() throws {
    let header = "{\(Self.tensor("a", "BOOL", "[3]", "[0,3]"))}"
    let bytes = SafetensorsTests.bytes(header: header, data: [1, 0, 2])
    #expect(try SafetensorsTests.problem(reading: bytes) == .notBoolean(tensor: "a", byte: 2))
  }

  @Test func `a mutated file is read or refused, never more`() throws {
    let folder = try Folder()
    let path = folder.file("a.safetensors")
    try Safetensors.write(SafetensorsTests.sample(), to: path)
    let original = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var random = SplitMix(state: 1)
    var refused = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        mutate(&bytes, &random)
      }
      try Data(bytes).write(to: URL(filePath: path))
      do throws(SafetensorsError) {
        let contents = try Safetensors.read(path)
        let count = contents.tensors.values.reduce(0) {
          $0 + $1.count * $1.elementType.byteCount
        }
        #expect(count < bytes.count)
      } catch {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 500)
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard !bytes.isEmpty else { return }
    let index = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: bytes.remove(at: index)
    case 3: bytes.insert(Array("{}[],:\"0129".utf8).randomElement(using: &random) ?? 0, at: index)
    default: bytes.removeLast(bytes.count - index)
    }
  }
}
