import DLMTensor

extension Safetensors {
  /// Reads what the file at `path` says of itself, none of its numbers.
  ///
  /// - Throws: `SafetensorsError` where the file is missing or the header does not fit it.
  package static func header(of path: String) throws(SafetensorsError) -> Header {
    try header(of: open(path))
  }

  /// Reads every tensor of the file at `path`.
  ///
  /// - Throws: `SafetensorsError`, before any memory is taken where sizes do not fit the file.
  package static func read(_ path: String) throws(SafetensorsError) -> Contents {
    let file = try open(path)
    let header = try header(of: file)
    var contents = Contents(tensors: [:], metadata: header.metadata)
    for entry in header.entries {
      contents.tensors[entry.name] = try tensor(entry, header, file)
    }
    return contents
  }

  /// Reads one tensor of the file at `path`.
  ///
  /// - Throws: `SafetensorsError.Problem.missing` where the file has none of that name.
  package static func read(_ name: String, from path: String) throws(SafetensorsError) -> Tensor {
    let file = try open(path)
    let header = try header(of: file)
    guard let entry = header[name] else {
      throw SafetensorsError(path: path, problem: .missing(tensor: name))
    }
    return try tensor(entry, header, file)
  }
}

extension Safetensors {
  private static func open(_ path: String) throws(SafetensorsError) -> FileReader {
    let file: FileReader
    do throws(FileError) {
      file = try FileReader(path)
    } catch {
      throw SafetensorsError(path: path, problem: .file(error))
    }
    if file.isFolder { throw SafetensorsError(path: path, problem: .isFolder) }
    return file
  }

  /// Eight bytes with the header's length, then the header.
  private static func header(of file: FileReader) throws(SafetensorsError) -> Header {
    guard file.byteCount >= 8 else {
      throw SafetensorsError(path: file.path, problem: .tooShort(has: file.byteCount, needs: 8))
    }
    let length = try bytes(8, at: 0, of: file).enumerated().reduce(UInt64(0)) {
      $0 | UInt64($1.element) << UInt64(8 * $1.offset)
    }
    guard length <= UInt64(headerLimit) else {
      throw SafetensorsError(
        path: file.path, problem: .headerTooLarge(bytes: length, limit: headerLimit))
    }
    let dataOffset = 8 + Int(length)
    guard dataOffset <= file.byteCount else {
      throw SafetensorsError(
        path: file.path, problem: .tooShort(has: file.byteCount, needs: dataOffset))
    }
    return try Header(
      json: bytes(Int(length), at: 8, of: file), dataOffset: dataOffset,
      dataByteCount: file.byteCount - dataOffset, path: file.path)
  }

  private static func bytes(
    _ count: Int, at offset: Int, of file: FileReader
  ) throws(SafetensorsError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let filled = bytes.withUnsafeMutableBytes { buffer -> Result<Int, FileError> in
      Result { () throws(FileError) in try file.read(into: buffer, at: offset) }
    }
    try check(filled, count, at: offset, of: file)
    return bytes
  }

  private static func tensor(
    _ entry: Entry, _ header: Header, _ file: FileReader
  ) throws(SafetensorsError) -> Tensor {
    let tensor: Tensor
    do throws(SizeError) {
      tensor = try Tensor(zeros: entry.shape, entry.elementType)
    } catch {
      throw SafetensorsError(
        path: file.path, problem: .outOfMemory(tensor: entry.name, bytes: entry.range.count))
    }
    let buffer = UnsafeMutableRawBufferPointer(
      start: tensor.storage.pointer, count: entry.range.count)
    let offset = header.dataOffset + entry.range.lowerBound
    let filled = Result { () throws(FileError) in try file.read(into: buffer, at: offset) }
    try check(filled, buffer.count, at: offset, of: file)
    if entry.elementType == .bool, let byte = buffer.first(where: { $0 > 1 }) {
      throw SafetensorsError(
        path: file.path, problem: .notBoolean(tensor: entry.name, byte: byte))
    }
    return tensor
  }

  /// The file may have been cut since it was measured.
  private static func check(
    _ filled: Result<Int, FileError>, _ needs: Int, at offset: Int, of file: FileReader
  ) throws(SafetensorsError) {
    switch filled {
    case .success(needs): return
    case .success(let count):
      throw SafetensorsError(
        path: file.path, problem: .tooShort(has: offset + count, needs: offset + needs))
    case .failure(let error): throw SafetensorsError(path: file.path, problem: .file(error))
    }
  }
}
