import DLMFrontend
import DLMGraph
import DLMOperators
import DLMTensor

/// The body of a recurrence while it is walked: what it takes from the tape around it are inputs.
final class BodyTape: Tape {
  let around: Tape
  var draft: LoopDraft
  private var captured: [NodeID: NodeID] = [:]

  override var outermost: Tape { around.outermost }

  init(around: Tape, length: Int) {
    self.around = around
    draft = LoopDraft(length: length)
  }

  /// A new input; `operand` is a node of the tape around.
  func input(_ role: Loop.Role, _ operand: NodeID) -> NodeID {
    swap(&draft.body, &graph)
    defer { swap(&draft.body, &graph) }
    return draft.input(role, operand, in: around.graph)
  }

  /// What every place sees of a node of the tape around.
  func capture(_ operand: NodeID) -> NodeID {
    if let known = captured[operand] { return known }
    let node = input(.captured, operand)
    captured[operand] = node
    return node
  }
}

extension GraphMachine {
  var isRecordingRecurrence: Bool { current is BodyTape }

  func recurrence(
    over sequence: Handle, axis: Int, length: Int, carried: [Handle],
    _ body: (Handle, [Handle]) throws -> (next: [Handle], emitted: [Handle])
  ) throws -> (last: [Handle], emitted: [Handle]) {
    if isRecordingRecurrence { throw NoRecurrence() }
    let around = current
    let elements = try placesFirst(try node(sequence), axis)
    let firsts = try carried.map { try node($0) }
    let tape = BodyTape(around: around, length: length)
    current = tape
    defer { current = around }
    let inputs = firsts.map { tape.handle(tape.input(.carried, $0)) }
    let (next, emitted) = try body(tape.handle(tape.input(.element, elements)), inputs)
    tape.draft.next = try next.map { try node($0) }
    tape.draft.results = try emitted.map { LoopDraft.Result(try node($0)) }
    tape.draft.body = tape.graph
    for (first, next) in zip(inputs, tape.draft.next) {
      let (before, after) = (tape.graph[NodeID(first.place)], tape.graph[next])
      guard before.shape == after.shape, before.elementType == after.elementType else {
        throw NoRecurrence()
      }
    }
    do throws(InferenceFailure) {
      let (last, results) = try around.graph.record(tape.draft)
      return (last.map { around.handle($0) }, results.map { around.handle($0) })
    } catch {
      preconditionFailure("what was recorded at one place can be at all: \(error)")
    }
  }

  /// `node` with `axis` as its first.
  private func placesFirst(_ node: NodeID, _ axis: Int) throws -> NodeID {
    let rank = current.graph[node].shape.rank
    guard axis != 0 else { return node }
    let order = [axis] + (0..<rank).filter { $0 != axis }
    return try current.graph.apply(.transpose, to: [node], ["axes": .axes(order)])
  }
}
