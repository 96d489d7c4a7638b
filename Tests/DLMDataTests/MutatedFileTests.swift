import Foundation
import Testing

@testable import DLMData

/// Damaged files: read to the last byte or refused with a reason, never more.
@Suite struct MutatedFileTests {
  @Test func `any damage to an IDX file is refused or harmless`() throws {
    let folder = try TestFolder()
    var random = Mixer(state: 7)
    let whole = idx([4, 3, 3], (0..<36).map { UInt8($0) })
    var refused = 0
    for turn in 0..<1500 {
      var bytes = whole
      for _ in 0...Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        case 1: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        default: bytes[Int.random(in: 0..<min(16, bytes.count), using: &random)] = 0xFF
        }
      }
      let isPacked = turn % 2 == 0
      var content = isPacked ? gzip(bytes) : bytes
      if isPacked, turn % 4 == 0 {
        content[Int.random(in: 0..<content.count, using: &random)] ^= 0x55
      }
      let path = try folder.write(content, to: isPacked ? "a.gz" : "a")
      do throws(DataError) {
        let tensor = try IDXFile.load(path)
        #expect(tensor.count * tensor.elementType.byteCount <= bytes.count)
      } catch {
        refused += 1
        #expect(!error.message.isEmpty)
      }
    }
    #expect(refused > 500 && refused < 1500)
  }

  /// SplitMix64 of Steele, Lea and Flood 2014, https://doi.org/10.1145/2660193.2660195.
  private struct Mixer: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
