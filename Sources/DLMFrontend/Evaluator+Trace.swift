import DLMShapes
import DLMSyntax

// The way to an error inside a layer or a function: the calls that led there.
extension Evaluator {
  /// More calls are not worth telling.
  private static let mostCalls = 3

  /// Walks the body of what is called at `id`; an error inside it says that it was called there, and with
  /// what.
  ///
  /// - Parameters:
  ///   - body: from the name of what is called to its end.
  ///   - given: what its parameters are, in order.
  func calling(
    _ body: Span, of module: Module, with given: @autoclosure () -> [(name: String, value: Value)],
    at id: ExpressionID, _ frame: inout Frame, _ walk: (inout Frame) throws -> Value
  ) throws -> Value {
    guard !module.isPrelude, frame.site == nil else { return try walk(&frame) }
    do {
      return try walk(&frame)
    } catch let failure as Failure {
      guard var diagnostic = failure.diagnostic else { throw failure }
      let call = frame.label(id)
      let calls = diagnostic.secondary.filter { $0.text.hasPrefix(Self.calledHere) }
      let inner = calls.last ?? diagnostic.primary
      guard calls.count < Self.mostCalls, inner.file.path == module.tree.file.path,
        body.start <= inner.span.start, inner.span.end <= body.end,
        !([diagnostic.primary] + diagnostic.secondary).contains(where: { $0.span == call.span })
      else { throw failure }
      diagnostic.secondary.append(labelled(call, given(), frame))
      throw Failure(diagnostic)
    }
  }

  private static let calledHere = "called here"

  private func labelled(
    _ call: Diagnostic.Label, _ given: [(name: String, value: Value)], _ frame: Frame
  ) -> Diagnostic.Label {
    let values = given.compactMap { name, value -> String? in
      switch value.normal(frame.facts) {
      case .int(let dim): "\(name) = \(dim)"
      case .tensor(let tensor):
        tensor.known.map { "\(name) = \(NumberText.of($0))" }
          ?? "\(name): \(SeenType(tensor.type, frame.facts))"
      default: nil
      }
    }
    var call = call
    call.text =
      values.isEmpty
      ? Self.calledHere : "\(Self.calledHere) with \(values.prefix(4).joined(separator: ", "))"
    return call
  }
}
