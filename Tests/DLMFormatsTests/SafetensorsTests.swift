import DLMTensor
import Foundation
import Testing

@testable import DLMFormats

@Suite struct SafetensorsTests {
  /// One tensor of each type, a scalar and an empty one.
  static func sample() throws -> Safetensors.Contents {
    var tensors: [String: Tensor] = [:]
    for type in ElementType.allCases {
      tensors["of.\(type)"] = try Tensor([0, 1, 2, 3, 4, 250], shape: [2, 3], type)
    }
    tensors["größe \"π\"\n"] = try Tensor([.pi], shape: [], .f64)
    tensors["empty"] = try Tensor(zeros: [0, 4], .i32)
    return Safetensors.Contents(tensors: tensors, metadata: ["step": "7", "a": "ä\u{1}"])
  }

  static func bytes(header: String, data: [UInt8] = []) -> [UInt8] {
    let length = header.utf8.count
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header.utf8 + data
  }

  static func problem(reading bytes: [UInt8]) throws -> SafetensorsError.Problem? {
    let folder = try Folder()
    let path = folder.file("a.safetensors")
    try Data(bytes).write(to: URL(filePath: path))
    do throws(SafetensorsError) {
      _ = try Safetensors.read(path)
    } catch {
      #expect(error.path == path)
      #expect(error.message.contains(path))
      return error.problem
    }
    return nil
  }

  @Test func `what is written is read back`() throws {
    let folder = try Folder()
    let path = folder.file("a.safetensors")
    let sample = try Self.sample()
    try Safetensors.write(sample, to: path)
    let read = try Safetensors.read(path)
    #expect(read.metadata == sample.metadata)
    #expect(Set(read.tensors.keys) == Set(sample.tensors.keys))
    for (name, tensor) in sample.tensors {
      let other = try #require(read.tensors[name])
      #expect(other.elementType == tensor.elementType)
      #expect(other.shape == tensor.shape)
      #expect(other.values == tensor.values)
      #expect(try Safetensors.read(name, from: path).values == tensor.values)
    }
  }

  @Test func `a file has the bytes that the format prescribes`() throws {
    let folder = try Folder()
    let path = folder.file("a.safetensors")
    let tensors = [
      "b": try Tensor([1], shape: [1], .u8), "a": try Tensor([1, -2], shape: [2, 1], .f32),
    ]
    try Safetensors.write(.init(tensors: tensors), to: path)
    let header =
      #"{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}    "#
    let expected = Self.bytes(header: header, data: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1])
    #expect(header.utf8.count % 8 == 0)
    #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == expected)
  }

  @Test func `every tensor starts at a multiple of its element's size`() throws {
    let folder = try Folder()
    let path = folder.file("a.safetensors")
    try Safetensors.write(Self.sample(), to: path)
    let header = try Safetensors.header(of: path)
    #expect(header.dataOffset % 8 == 0)
    for entry in header.entries {
      #expect(entry.range.lowerBound % entry.elementType.byteCount == 0, "\(entry.name)")
    }
  }

  @Test func `a file of no tensors is one`() throws {
    #expect(try Self.problem(reading: Self.bytes(header: "{}")) == nil)
  }

  @Test func `the name of the metadata is no tensor's`() throws {
    let path = try Folder().file("a")
    let tensors = ["__metadata__": try Tensor(zeros: [1])]
    #expect(
      throws: SafetensorsError(path: path, problem: .reservedName(tensor: "__metadata__"))
    ) { try Safetensors.write(.init(tensors: tensors), to: path) }
  }

  @Test func `a missing file, a folder and a missing tensor are told apart`() throws {
    let folder = try Folder()
    let path = folder.file("a")
    let missing = FileError(path: path, operation: .open, code: ENOENT)
    #expect(throws: SafetensorsError(path: path, problem: .file(missing))) {
      try Safetensors.read(path)
    }
    #expect(throws: SafetensorsError(path: folder.path, problem: .isFolder)) {
      try Safetensors.read(folder.path)
    }
    try Safetensors.write(.init(tensors: [:]), to: path)
    #expect(throws: SafetensorsError(path: path, problem: .missing(tensor: "w"))) {
      try Safetensors.read("w", from: path)
    }
  }
}
