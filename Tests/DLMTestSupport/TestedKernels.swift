import CDLMKernels
import CHalvedKernels
import DLMCPU

extension CPUBackend {
  /// Names of the kernels to test: those of this machine's instruction sets, best first. Where it
  /// has AVX2 but not AVX-512, the kernels for AVX-512 with each vector in two registers come
  /// first, so that what their tiles, edges and scratch look like is tested on any x86.
  package static let testedKernels: [String] =
    (halved == nil ? [] : [halvedName]) + instructionSets

  /// A backend with the kernels that `testedKernels` calls `name`.
  package init(testing name: String, threads: Int) throws(CPUBackendError) {
    if name == CPUBackend.halvedName, let kernels = CPUBackend.halved {
      try self.init(kernels: kernels, threads: threads)
    } else {
      try self.init(isa: name, threads: threads)
    }
  }

  private static let halvedName = "halves"

  private static var halved: UnsafePointer<dlm_kernels>? {
    instructionSets.contains("avx512") ? nil : halved_kernels()
  }
}
