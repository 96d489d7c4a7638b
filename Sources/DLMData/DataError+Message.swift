#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension DataError {
  /// What is wrong with which file, in a sentence.
  package var message: String {
    switch problem {
    case .missing: "there is no file `\(path)`"
    case .missingFolder(let folder): "there is no folder `\(folder)`, so no `\(path)`"
    case .isFolder: "`\(path)` is a folder, a file is needed"
    case .unreadable(let code): "cannot read `\(path)`: \(String(cString: strerror(code)))"
    case .notIDX(let bytes): "`\(path)` is no IDX file: it begins with \(Self.spell(bytes))"
    case .unsupportedElement(let code):
      "`\(path)` holds IDX elements of type \(Self.hexadecimal(code)), which cannot be read"
    case .tooLarge(let shape): "`\(path)` announces shape \(shape), more than can be addressed"
    case .truncated(let has, let needs):
      "`\(path)` has \(has) bytes of content where its header needs \(needs)"
    case .truncatedGzip(let unpacked):
      "the packed content of `\(path)` breaks off after \(unpacked) bytes"
    case .corruptGzip(let reason): "the packed content of `\(path)` is damaged: \(reason)"
    case .trailing(let bytes, let needs):
      "`\(path)` has \(bytes) bytes more than the \(needs) that its header needs"
    case .trailingGzip(let bytes): "`\(path)` has \(bytes) bytes behind its packed content"
    case .outOfMemory(let shape): "no memory for the \(shape) elements of `\(path)`"
    case .wrongContent(let expected, let shape, let elementType):
      "`\(path)` holds \(elementType)\(shape) where \(expected.rawValue) are needed"
    case .labelCount(let labels, let images, let imagesPath):
      "`\(path)` has \(labels) labels but `\(imagesPath)` has \(images) images"
    case .labelOutOfRange(let row, let label, let classes):
      "row \(row) of `\(path)` has label \(label), with \(classes) classes the last is \(classes - 1)"
    case .imageShape(let shape, let train, let trainPath):
      "images in `\(path)` have shape \(shape), those in `\(trainPath)` have \(train)"
    case .malformed(let what, let line):
      line.map { "line \($0) of `\(path)` \(what)" } ?? "`\(path)` \(what)"
    }
  }

  /// What to do about it, where that is known.
  package var fix: String? {
    switch problem {
    case .missing(let nearest):
      nearest.isEmpty
        ? "its folder has nothing of a similar name"
        : "similar names there: " + nearest.map { "`\($0)`" }.joined(separator: ", ")
    case .missingFolder: "paths are relative to the program's folder"
    case .isFolder: "name a file in it"
    case .unreadable: nil
    case .notIDX(let bytes):
      bytes.first == UInt8(ascii: "<")
        ? "this looks like a web page, saved in place of the file; fetch the file again"
        : "an IDX file begins with 0x00 0x00, its type and its number of axes"
    case .unsupportedElement: "convert it to bytes (0x08), 32-bit integers (0x0C) or floats (0x0D)"
    case .tooLarge, .corruptGzip: "the file is damaged; fetch it again"
    case .truncated, .truncatedGzip: "the file was cut short; fetch it again"
    case .trailing, .trailingGzip: "the file is damaged or holds something else; fetch it again"
    case .outOfMemory: nil
    case .wrongContent(.images, _, _): "images are u8[rows, height, width] or u8[rows, ...]"
    case .wrongContent(.labels, _, _): "labels are u8[rows]; are the two files exchanged?"
    case .labelCount: "use the two files that belong together"
    case .labelOutOfRange(_, let label, _): "`classes: \(label + 1)` or more would take it"
    case .imageShape: "use the files that belong together"
    case .malformed: nil
    }
  }

  private static func spell(_ bytes: [UInt8]) -> String {
    bytes.isEmpty ? "its end" : bytes.map(hexadecimal).joined(separator: " ")
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "0x" + (digits.count == 1 ? "0" : "") + digits
  }
}
