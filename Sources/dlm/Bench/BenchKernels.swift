import ArgumentParser
import DLMCPU
import DLMFrontend
import DLMTensor

/// `dlm bench kernels --filter product --json`
struct BenchKernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Time kernels: arithmetic as a share of the machine's peak, bytes of its copying.")

  @Option(help: "Only kernels whose name contains this.")
  var filter = ""

  @Flag(help: "A line of JSON for each kernel.")
  var json = false

  @Option(help: "How long to run each.")
  var seconds = 0.2

  @OptionGroup var device: DeviceOptions

  func run() throws {
    let backend = try device.backend()
    guard let cpu = backend as? CPUBackend else {
      throw UsageError("the reference has no kernels to time.")
    }
    let peak = cpu.measurePeak()
    if !json { Terminal.out(heading(cpu, peak)) }
    for kernel in KernelCase.all where filter.isEmpty || kernel.name.contains(filter) {
      let time = try KernelTimer(kernel, cpu).median(seconds: seconds)
      let copying = kernel.bytes > 0 ? cpu.measureCopy(byteCount: kernel.bytes) : .nan
      let row = KernelRow(kernel: kernel, seconds: time, peak: peak, copying: copying)
      Terminal.out((json ? row.json(cpu.name) : row.text) + "\n")
    }
  }

  private func heading(_ cpu: CPUBackend, _ peak: Double) -> String {
    "\(cpu.name): at most \(NumberText.of(peak / 1e9, digits: 0)) GFLOP/s\n"
  }
}

/// One kernel on operands of its own.
private final class KernelTimer {
  private let executable: any Executable
  private let storages: [Storage]

  init(_ kernel: KernelCase, _ backend: CPUBackend) throws {
    executable = try backend.prepare(
      Schedule(
        instructions: [kernel.instruction], arenaByteCount: 0, slotCount: kernel.tensors.count))
    storages = try kernel.tensors.map { dims, range in
      let shape = Shape(dims)
      let storage = try Storage(
        byteCount: shape.checkedByteCount(of: .f32), for: shape, of: .f32)
      let floats = storage.pointer.assumingMemoryBound(to: Float.self)
      for index in 0..<shape.count {
        let fraction = Double(index &* 7919 % 1009) / 1009
        floats[index] = Float(range.lowerBound + (range.upperBound - range.lowerBound) * fraction)
      }
      return storage
    }
  }

  /// Seconds of a run, half of the runs being faster.
  func median(seconds: Double) throws -> Double {
    let slots = storages.map(\.pointer)
    var times: [Double] = []
    var total = 0.0
    try slots.withUnsafeBufferPointer { slots in
      guard let slots = slots.baseAddress else { return }
      func run() throws -> Double {
        let began = Terminal.seconds
        try executable.run(slots: slots, seed: 0, counter: 0)
        return Terminal.seconds - began
      }
      total -= try run()
      while total < seconds || times.count < 3 {
        times.append(try run())
        total += times[times.count - 1]
      }
    }
    return times.sorted()[times.count / 2]
  }
}

/// What is printed of a kernel.
private struct KernelRow {
  let kernel: KernelCase
  let seconds: Double
  let peak: Double
  let copying: Double

  private var rate: Double { (kernel.bytes > 0 ? Double(kernel.bytes) : kernel.flops) / seconds }
  private var share: Double { rate / (kernel.bytes > 0 ? copying : peak) }
  private var unit: String { kernel.bytes > 0 ? "GB/s" : "GFLOP/s" }

  var text: String {
    let name = kernel.name + String(repeating: " ", count: max(1, 56 - kernel.name.count))
    return name + "\(NumberText.of(seconds * 1e6, digits: 1)) us  "
      + "\(NumberText.of(rate / 1e9, digits: 1)) \(unit)  "
      + "\(NumberText.of(share * 100, digits: 0)) % of \(kernel.bytes > 0 ? "copying" : "peak")"
  }

  func json(_ backend: String) -> String {
    """
    {"kernel": "\(kernel.name)", "backend": "\(backend)", \
    "us": \(NumberText.of(seconds * 1e6, digits: 2)), "rate": \(NumberText.of(rate / 1e9, digits: 2)), \
    "unit": "\(unit)", "share": \(NumberText.of(share, digits: 3))}
    """
  }
}
