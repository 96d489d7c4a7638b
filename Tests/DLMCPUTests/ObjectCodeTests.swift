import Foundation
import Testing

/// What the compiler made of the kernels: a flag that it drops leaves code that passes every other test.
@Suite struct ObjectCodeTests {
  private static let folder = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("CDLMKernels.build")

  private func disassembly(_ name: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "objdump", "-d", "--no-show-raw-insn", Self.folder.appendingPathComponent(name).path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "objdump, of binutils, reads \(name)")
    return String(decoding: text, as: UTF8.self)
  }

  private func count(_ word: String, in text: String) -> Int {
    text.components(separatedBy: word).count - 1
  }

  #if arch(x86_64)
    @Test func `each instruction set uses its own registers`() throws {
      let widest = try disassembly("kernels_avx512.c.o")
      #expect(count("%zmm", in: widest) > 5000)
      let wide = try disassembly("kernels_avx2.c.o")
      #expect(count("%zmm", in: wide) == 0)
      #expect(count("%ymm", in: wide) > 5000)
      #expect(count("vfmadd", in: wide) > 500)
      let baseline = try disassembly("kernels_baseline.c.o")
      #expect(count("%ymm", in: baseline) == 0)
    }
  #endif
}
