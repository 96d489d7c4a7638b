import DLMShapes
import DLMSyntax

// `use` and `test`: what a file has beside its program.
extension Evaluator {
  /// Takes over what another file declares; its statements do not run.
  func use(_ path: ExpressionID, _ frame: inout Frame) throws {
    guard case .string(let name?) = try value(path, &frame) else {
      throw Failure(.notAString(frame.tree.text(path), frame.label(path)))
    }
    guard !using.contains(name) else {
      throw Failure(.usesItself(using + [name], frame.label(path)))
    }
    let file: SourceFile
    do {
      file = try provider.program(name)
    } catch let problem as DataProblem {
      throw Failure(.dataProblem(problem, frame.label(path)))
    }
    let parsed = Parser.parse(file)
    for diagnostic in parsed.diagnostics { report(Failure(diagnostic)) }
    guard parsed.diagnostics.isEmpty else { throw Failure(nil) }
    let module = Module(parsed.tree, isPrelude: false, around: prelude.scope)
    module.declareAll()
    note(held: module.globals)
    using.append(name)
    defer { using.removeLast() }
    var inner = Frame(module: module, scope: module.globals, facts: frame.facts)
    for case .declaration(let declaration) in parsed.tree.items {
      switch declaration.kind {
      case .use(let path): try use(path, &inner)
      case .dim(let dims): try bindDims(dims, &inner)
      default: break
      }
    }
    frame.facts = inner.facts
    frame.dims.add(inner.dims)
    for (name, slot) in module.globals.own { frame.scope.define(name, slot.value) }
  }

  /// A check walks the body; a run of tests walks it on tensors and tells how it ended.
  func test(_ name: ExpressionID, _ body: Block, _ frame: inout Frame) throws {
    var inner = frame.inner()
    var result: Value = .none
    if machine == nil {
      do {
        _ = try walk(body, &inner, result: &result)
      } catch var failure as Failure where failure.diagnostic?.code == "N026" {
        // A test that fails is no reason not to run the program: `dlm test` counts it.
        failure.diagnostic?.severity = .warning
        report(failure)
      }
      return
    }
    guard let testEnded, case .string(let title?) = try value(name, &frame) else { return }
    do {
      _ = try walk(body, &inner, result: &result)
      testEnded(title, nil)
    } catch let failure as Failure {
      testEnded(title, failure.diagnostic)
    }
  }
}
