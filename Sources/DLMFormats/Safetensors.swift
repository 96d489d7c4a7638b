import DLMTensor

/// The safetensors format: a JSON header that names tensors, then their bytes without gaps.
///
/// - Source: https://github.com/huggingface/safetensors#format
package enum Safetensors {
  /// Bytes of the longest header that is read.
  package static let headerLimit = 100_000_000

  /// What a header says of one tensor.
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var elementType: ElementType
    package var shape: Shape
    /// Bytes from the start of the data, which follows the header.
    package var range: Range<Int>
  }

  /// What a file says of itself before its first number.
  package struct Header: Hashable, Sendable {
    /// In the order of their bytes.
    package var entries: [Entry]
    package var metadata: [String: String]
    /// The offset of the first tensor's first byte in the file.
    package var dataOffset: Int

    /// The entry of the tensor named `name`.
    package subscript(name: String) -> Entry? { entries.first { $0.name == name } }
  }

  /// Named tensors and what their writer said of them.
  package struct Contents: Sendable {
    package var tensors: [String: Tensor]
    package var metadata: [String: String]

    package init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
      self.tensors = tensors
      self.metadata = metadata
    }
  }
}

extension ElementType {
  /// The format's name of this type.
  var safetensorsName: String {
    switch self {
    case .f32: "F32"
    case .f64: "F64"
    case .i32: "I32"
    case .i64: "I64"
    case .u8: "U8"
    case .bool: "BOOL"
    case .f16: "F16"
    case .bf16: "BF16"
    }
  }

  init?(safetensorsName name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = type
  }
}
