import DLMTensor
import DLMTestSupport
import Foundation
import Testing

@testable import DLMData

@Suite struct TableTests {
  @Test func `a column is of numbers, of whole numbers or of words`() throws {
    let folder = try TestFolder()
    let text = "\u{FEFF}a,b,c\r\n1,2.5,x\r\n-3,4e1,\"y, \"\"z\"\"\nw\"\r\n7,0,x\r\n"
    let file = try CSVFile(folder.write(Array(text.utf8), to: "t.csv"))
    #expect(file.columns.map(\.name) == ["a", "b", "c"])
    #expect(file.columns.map(\.content) == [.int, .real, .words(["x", "y, \"z\"\nw"])])
    #expect(file.rowCount == 3)
    #expect(
      try file.columns.map { try file.tensor($0).values } == [
        [1, -3, 7], [2.5, 40, 0], [0, 1, 0],
      ])
  }

  @Test(arguments: [";", "\t"])
  func `the separator is that of the first line`(_ separator: String) throws {
    let folder = try TestFolder()
    let rows = [["a", "b"], ["1", "2"]].map { $0.joined(separator: separator) }
    let file = try CSVFile(
      folder.write(Array(rows.joined(separator: "\n").utf8), to: "t.csv"))
    #expect(file.columns.map(\.name) == ["a", "b"])
  }

  @Test(arguments: [
    ("", "has no line with the names of the columns", 1),
    ("a,b\n1\n", "has 1 cells where the first line names 2 columns", 2),
    ("a,b\n1,2\n\n3,\n", "has nothing in column `b`", 4),
    ("a,a\n1,2\n", "has two columns `a`", 1),
    ("a\n\"1\n", "has a quote that does not end", 2),
    ("a\n\"1\"x\n", "has text behind a quote", 2),
  ])
  func `what is wrong with a table is told with its line`(
    _ text: String, _ what: String, _ line: Int
  ) throws {
    let folder = try TestFolder()
    let path = try folder.write(Array(text.utf8), to: "t.csv")
    #expect(throws: DataError(path: path, problem: .malformed(what, line: line))) {
      try CSVFile(path)
    }
  }

  static let arrays: [String] = {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/arrays.txt")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }()

  @Test func `arrays that NumPy saved are what they were`() throws {
    #expect(Self.arrays.count == 8)
    let folder = try TestFolder()
    for line in Self.arrays {
      let fields = line.split(separator: " ").map(String.init)
      let bytes = try #require(Data(base64Encoded: fields[0]))
      let file = try NPYFile(folder.write(Array(bytes), to: "a.npy"))
      let numbers = { (text: String) in
        text == "-" ? [] : text.split(separator: ",").compactMap { Double($0) }
      }
      #expect(file.shape.dims.map(Double.init) == numbers(fields[1]))
      let tensor = try file.tensor()
      for (found, wanted) in zip(tensor.values, numbers(fields[2])) {
        #expect(abs(found - wanted) <= 1e-6 * abs(wanted))
      }
      #expect(tensor.values.count == numbers(fields[2]).count)
    }
  }

  @Test func `damaged arrays and tables are errors and never end the program`() throws {
    let folder = try TestFolder()
    var random = SplitMix(state: 5)
    let arrays = Self.arrays.compactMap { Data(base64Encoded: String($0.prefix { $0 != " " })) }
    for round in 0..<2000 {
      var bytes = Array(arrays[random.below(arrays.count)])
      if round % 2 == 0 { bytes = Array("a,b\n1,2\n\"x\",\"\"\"\"\n3,4\n".utf8) }
      for _ in 0...random.below(4) where !bytes.isEmpty {
        let place = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.removeSubrange(place...)
        default: bytes.insert(bytes[random.below(bytes.count)], at: place)
        }
      }
      let path = try folder.write(bytes, to: "x")
      if round % 2 == 0 {
        _ = try? CSVFile(path)
      } else {
        _ = try? NPYFile(path).tensor()
      }
    }
  }

  @Test func `a text is numbered by characters or words`() throws {
    let folder = try TestFolder()
    let path = try folder.write(Array("to be, to be é".utf8), to: "t.txt")
    let characters = try TextCorpus(path, by: .char)
    #expect(characters.vocabulary == [" ", ",", "b", "e", "o", "t", "é"])
    #expect(characters.ids == [5, 4, 0, 2, 3, 1, 0, 5, 4, 0, 2, 3, 0, 6])
    let words = try TextCorpus(path, by: .word)
    #expect(words.vocabulary == ["be", "to", ",", "é"])
    #expect(words.ids == [1, 0, 2, 1, 0, 3])
  }

  @Test func `windows hold runs and the same one place later`() throws {
    let rows = try RowDataset(windows: [0, 1, 2, 3, 4, 5, 6], length: 3, stride: 2)
    #expect(rows["here"]?.values == [0, 1, 2, 2, 3, 4])
    #expect(rows["next"]?.values == [1, 2, 3, 3, 4, 5])
    #expect(RowDataset.windowCount(3, length: 3, stride: 1) == 0)
    #expect(RowDataset.windowCount(4, length: 3, stride: 1) == 1)
  }

  @Test func `a split deals every row out once, the same for a seed`() {
    let parts = RowSplit.rows(10, [0.5, 0.3, 0.2], seed: 3)
    #expect(parts.map(\.count) == [5, 3, 2])
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<10))
    #expect(RowSplit.rows(10, [0.5, 0.3, 0.2], seed: 3) == parts)
    #expect(RowSplit.rows(10, [0.5, 0.3, 0.2], seed: 4) != parts)
    #expect(
      RowSplit.counts(3, [0.5, 0.5]) == [2, 1] || RowSplit.counts(3, [0.5, 0.5]) == [1, 2])
  }
}
