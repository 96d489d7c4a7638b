import DLMTensor

/// Why a safetensors file was not read or written.
package struct SafetensorsError: Error, Hashable {
  package enum Problem: Hashable, Sendable {
    case file(FileError)
    case isFolder
    /// The file ends before what it announces: bytes it has, bytes it must have.
    case tooShort(has: Int, needs: Int)
    /// Bytes announced for the header, and the most that is accepted.
    case headerTooLarge(bytes: UInt64, limit: Int)
    case json(JSONError)
    case duplicate(tensor: String)
    case unsupportedType(tensor: String, name: String)
    /// A shape whose number of bytes does not fit an `Int`.
    case shapeTooLarge(tensor: String, shape: Shape)
    /// The offsets span another number of bytes than type and shape need.
    case wrongLength(tensor: String, bytes: Int, needs: Int)
    /// The tensor starts elsewhere than where the one before it ends.
    case notContiguous(tensor: String, begins: Int, expected: Int)
    /// Bytes behind the last tensor.
    case unusedBytes(Int)
    /// A boolean that is neither 0 nor 1.
    case notBoolean(tensor: String, byte: UInt8)
    case outOfMemory(tensor: String, bytes: Int)
    case missing(tensor: String)
    /// A tensor to be written under the name that the format keeps for its metadata.
    case reservedName(tensor: String)
  }

  package var path: String
  package var problem: Problem

  package init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }
}

extension SafetensorsError {
  /// What is wrong with which file, in a sentence.
  package var message: String {
    switch problem {
    case .file(let error): "cannot \(error.operation.rawValue) `\(path)`: \(error.reason)"
    case .isFolder: "`\(path)` is a folder, not a safetensors file"
    case .tooShort(let has, let needs):
      "`\(path)` has \(has) bytes where its header needs \(needs): the file is cut short"
    case .headerTooLarge(let bytes, let limit):
      "`\(path)` announces a header of \(bytes) bytes, the most is \(limit): no safetensors file"
    case .json(let error):
      "the header of `\(path)` is wrong at byte \(error.offset): \(error.reason)"
    case .duplicate(let tensor): "`\(path)` has two tensors named `\(tensor)`"
    case .unsupportedType(let tensor, let name):
      "`\(tensor)` in `\(path)` has element type \(name), which cannot be read"
    case .shapeTooLarge(let tensor, let shape):
      "`\(tensor)` in `\(path)` has shape \(shape), more than can be addressed"
    case .wrongLength(let tensor, let bytes, let needs):
      "`\(tensor)` in `\(path)` has \(bytes) bytes where its type and shape need \(needs)"
    case .notContiguous(let tensor, let begins, let expected):
      "`\(tensor)` in `\(path)` begins at byte \(begins), the tensor before it ends at \(expected)"
    case .unusedBytes(let count): "`\(path)` has \(count) bytes that belong to no tensor"
    case .notBoolean(let tensor, let byte):
      "`\(tensor)` in `\(path)` is of booleans and has a byte \(byte)"
    case .outOfMemory(let tensor, let bytes):
      "no memory for the \(bytes) bytes of `\(tensor)` in `\(path)`"
    case .missing(let tensor): "`\(path)` has no tensor `\(tensor)`"
    case .reservedName(let tensor):
      "no tensor can be named `\(tensor)`: `\(path)` keeps that name for its metadata"
    }
  }
}

extension JSONError {
  /// The problem in words, without its place.
  package var reason: String {
    switch problem {
    case .expected(let what): "expected \(what)"
    case .badEscape: "this escape is not JSON"
    case .badUTF8: "this string is not UTF-8"
    case .controlCharacter: "a control character must be escaped"
    case .numberTooLarge: "this number is too large"
    }
  }
}
