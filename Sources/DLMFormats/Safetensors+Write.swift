import DLMTensor

extension Safetensors {
  /// Writes `contents` to `path`, whole or not at all. Equal contents give equal files.
  ///
  /// - Throws: `SafetensorsError` naming `path`, with the call that failed.
  package static func write(
    _ contents: Contents, to path: String
  ) throws(SafetensorsError) {
    if contents.tensors[metadataName] != nil {
      throw SafetensorsError(path: path, problem: .reservedName(tensor: metadataName))
    }
    let tensors = ordered(contents.tensors)
    var header = Array(headerText(tensors, contents.metadata).utf8)
    // The data starts at a multiple of 8, so that every number in it is aligned.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    guard header.count <= headerLimit else {
      throw SafetensorsError(
        path: path, problem: .headerTooLarge(bytes: UInt64(header.count), limit: headerLimit))
    }
    do throws(FileError) {
      try AtomicFile.write(path) { writer throws(FileError) in
        try writer.write(length)
        try writer.write(header)
        for (_, tensor) in tensors {
          try writer.write(
            UnsafeRawBufferPointer(start: tensor.storage.pointer, count: tensor.byteCount))
        }
      }
    } catch {
      throw SafetensorsError(path: path, problem: .file(error))
    }
  }

  /// Wide elements first, so that all are aligned without gaps; then by the bytes of the name.
  private static func ordered(_ tensors: [String: Tensor]) -> [(name: String, tensor: Tensor)] {
    tensors.map { ($0.key, $0.value) }.sorted { a, b in
      let (x, y) = (a.1.elementType.byteCount, b.1.elementType.byteCount)
      return x != y ? x > y : a.0.utf8.lexicographicallyPrecedes(b.0.utf8)
    }
  }

  private static func headerText(
    _ tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String]
  ) -> String {
    var fields: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      fields.append("\"\(metadataName)\":{\(pairs.joined(separator: ","))}")
    }
    var end = 0
    for (name, tensor) in tensors {
      let dims = tensor.shape.dims.map(String.init).joined(separator: ",")
      let begin = end
      end += tensor.byteCount
      fields.append(
        "\(jsonString(name)):{\"dtype\":\"\(tensor.elementType.safetensorsName)\","
          + "\"shape\":[\(dims)],\"data_offsets\":[\(begin),\(end)]}")
    }
    return "{\(fields.joined(separator: ","))}"
  }
}

extension Tensor {
  /// Bytes of the elements, without the padding of the storage.
  fileprivate var byteCount: Int { count * elementType.byteCount }
}
