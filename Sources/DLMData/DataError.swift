import DLMTensor

/// Why a file of data was not read.
package struct DataError: Error, Hashable {
  package enum Problem: Hashable, Sendable {
    /// No such file; `nearest` are the names in its folder that look most like it, best first.
    case missing(nearest: [String])
    /// The folder in which the file should be is not there.
    case missingFolder(String)
    case isFolder
    /// The system refused; `code` is its `errno`.
    case unreadable(code: Int32)
    /// The first bytes, at most 4, are not those of the format.
    case notIDX(firstBytes: [UInt8])
    /// An element type of the format that has no counterpart here.
    case unsupportedElement(code: UInt8)
    /// A shape whose number of bytes does not fit an `Int`.
    case tooLarge(shape: Shape)
    /// The content ends early: bytes it has, unpacked, and bytes that its header needs.
    case truncated(has: Int, needs: Int)
    /// The packed bytes end in the middle, after `unpacked` bytes of content.
    case truncatedGzip(unpacked: Int)
    /// The packed bytes contradict themselves, in zlib's words.
    case corruptGzip(reason: String)
    /// More content than the header needs.
    case trailing(bytes: Int, needs: Int)
    /// Bytes behind the end of the packed content.
    case trailingGzip(bytes: Int)
    case outOfMemory(shape: Shape)
    /// What the data set needs here, such as labels, has another shape or type.
    case wrongContent(expected: Content, shape: Shape, elementType: ElementType)
    /// Another number of labels than of images, which are in `imagesPath`.
    case labelCount(labels: Int, images: Int, imagesPath: String)
    /// The first label, counted from row 0, that is not below the number of classes.
    case labelOutOfRange(row: Int, label: Int, classes: Int)
    /// Images of another shape than those in `trainPath`.
    case imageShape(Shape, train: Shape, trainPath: String)
    /// What a table, an array or a text has or lacks, in words that follow its name; `line` from 1 on.
    case malformed(String, line: Int?)
  }

  /// What a file holds in its data set.
  package enum Content: String, Hashable, Sendable { case images, labels }

  /// The file or folder that the caller named.
  package var path: String
  package var problem: Problem

  package init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }
}
