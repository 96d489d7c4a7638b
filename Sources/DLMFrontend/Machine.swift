import DLMOperators
import DLMShapes
import DLMTensor

/// A tensor of a run, by where the machine has it.
///
/// A class: a machine forgets what no value of the program refers to any more.
package final class Handle {
  /// The length of each axis.
  package let dims: [Int]
  package let elementType: ElementType
  /// What it was recorded in, and its place there: known to the machine alone.
  package var recording: AnyObject
  package var place: Int
  /// Whether the program may ask for gradients in it: what leads from it to other values is kept.
  package var isTarget = false

  package init(dims: [Int], _ elementType: ElementType, recording: AnyObject, place: Int) {
    self.dims = dims
    self.elementType = elementType
    self.recording = recording
    self.place = place
  }
}

/// Where a run has tensors.
///
/// The evaluator walks a program once, on shapes. Without a machine that is a check; with one, each
/// application of an operator is also recorded, on dims that are numbers. What a machine cannot do
/// it says with a `MachineError`.
package protocol Machine: AnyObject {
  /// The line of the program, from 1 on, that operators are recorded for.
  var line: Int { get set }

  /// Records one operator; dims of the attributes are constant.
  func apply(_ operation: Operator, to operands: [Handle], _ attributes: Attributes) throws
    -> Handle

  /// A tensor of numbers that the program text gives.
  func constant(_ values: [Double], dims: [Int], _ elementType: ElementType) throws -> Handle

  /// Whether gradients may be asked for in every value, not only in those that say so.
  var hasAnyTarget: Bool { get set }

  /// The elements of a tensor, row-major. Runs what is recorded so far.
  func read(_ handle: Handle) throws -> [Double]

  /// The trained or kept tensor at `path`; `initial` is asked for its first value if there is none yet.
  ///
  /// - Parameter elementType: of its elements; `nil` leaves it to the first value.
  func variable(
    _ path: String, dims: [Int], _ elementType: ElementType?, initial: () throws -> Handle
  ) throws -> Handle

  /// The value that the variable at `path` takes when the step that is being recorded ends.
  func assign(_ value: Handle, to path: String) throws

  /// The fields of all rows of a split, decoded, each with the rows as its first axis.
  func rows(of split: DataSplit) throws -> [Handle]

  /// The pixels of a picture in a file: `u8[channels, H, W]`.
  func picture(_ path: String, channels: Int) throws -> Handle

  /// Takes tensors of a file as the first values of what lies below `layer`.
  ///
  /// - Parameter names: the path below the layer for a name of the file.
  func load(_ path: String, into layer: String, names: [String: String]) throws

  /// A turn of a loop has ended: a good moment to run what is recorded.
  func endTurn() throws

  /// Whether what is recorded is a step, whose tensors have no values yet.
  var isRecordingStep: Bool { get }

  /// `value`, whose gradient in each of `operands` is what `rule` gives for that of the value.
  func value(
    _ value: Handle, of operands: [Handle], _ rule: @escaping (Handle) throws -> [Handle]
  ) throws -> Handle

  /// Records `body` once, as what is done at each of `length` places of a recurrence.
  ///
  /// - Parameters:
  ///   - sequence: what has the places along `axis`.
  ///   - carried: the first values of what is carried.
  ///   - body: walks one place, on its element and what is carried to it; gives what is carried on and
  ///     what is emitted.
  /// - Returns: the carried values after the last place, and what is emitted, the places as first axis.
  /// - Throws: `NoRecurrence` where the body does what can only be done place by place.
  func recurrence(
    over sequence: Handle, axis: Int, length: Int, carried: [Handle],
    _ body: (Handle, [Handle]) throws -> (next: [Handle], emitted: [Handle])
  ) throws -> (last: [Handle], emitted: [Handle])

  /// Whether the body of a recurrence is recorded.
  var isRecordingRecurrence: Bool { get }

  /// Gradients of a scalar; or of any tensor, whose own gradient is `seed`.
  func gradient(of result: Handle, withRespectTo targets: [Handle], seed: Handle?) throws
    -> [Handle]

  /// The nodes recorded so far, as a mark for `recompute`.
  var mark: Int { get }

  /// `value`, for whose gradient all that was recorded since `mark` is computed again.
  func recompute(_ value: Handle, since mark: Int, stream: UInt64) throws -> Handle
}

/// The body of a `scan` does what can only be done place by place: it is walked once for each.
package struct NoRecurrence: Error {
  package init() {}
}

/// Why a run cannot go on, for a message at the statement that it has reached.
package struct MachineError: Error {
  package var message: String
  package var help: String?

  package init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }

  /// The user has asked for an end.
  package static let stopped = MachineError("stopped")
}
