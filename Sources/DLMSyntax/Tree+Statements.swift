/// A declaration or a statement at the top of a file.
package enum Item: Sendable {
  case declaration(Declaration)
  case statement(Statement)
}

package struct Statement: Sendable {
  package var kind: Kind
  package var span: Span

  package enum Kind: Sendable {
    /// `let (a, b) = e`; `var` where `isVariable`. A value from a file: `let n = Net() from "n.safetensors"`.
    case bind([Binding], isVariable: Bool)
    /// `p = e`, `(h, c) = e`, `opt.lr *= 0.5`.
    case assign(ExpressionID, BinaryOperator?, ExpressionID)
    case expression(ExpressionID)
    case ifElse(If)
    case forIn(Pattern, ExpressionID, Block)
    case whileLoop(ExpressionID, Block)
    case repeatLoop(Pattern?, ExpressionID, Block)
    case scan(Scan)
    case returns(ExpressionID?)
    case prints([ExpressionID])
    /// `log loss, nll(...) as test`
    case logs([(value: ExpressionID, name: Name?)])
    /// `plot`, `save`, `graph`: what, and the file that it goes to.
    case writes(Name, [ExpressionID], to: ExpressionID?)
    case param([ParamDeclaration])
    case state([ParamDeclaration])
    case penalize(ExpressionID, name: Name?)
    case emit(ExpressionID)
    /// `when training { }`, `when epoch == 20 { }`
    case when(ExpressionID, facts: [Condition], Block)
    case minimize(Minimize)
    case update(Update)
    /// `dim K = D / heads`
    case dim([(name: Name, value: ExpressionID)])
    /// `eval mnist.test { ... }`
    case eval(ExpressionID, Block)
    case expect(ExpressionID)
    /// `freeze net.stem`, `unfreeze net.stem`, `halt`, `run mnist_cnn(depth, width)`
    case command(Name, [ExpressionID])
  }
}

package enum Pattern: Sendable {
  case name(Name)
  case tuple([Pattern], Span)
}

package struct Binding: Sendable {
  package var pattern: Pattern
  package var type: TypeNode?
  package var value: ExpressionID
  /// `from "file" rename torchvision`
  package var source: ExpressionID?
  package var rename: Name?
}

/// `w: real[out, I] = uniform(-r, r) if bias penalize l2(1e-4)`
package struct ParamDeclaration: Sendable {
  package var name: Name
  /// Missing where the initial value says it: `state v = zeros like p`.
  package var type: TypeNode?
  package var initial: ExpressionID
  package var condition: ExpressionID?
  package var penalty: ExpressionID?
}

/// `scan xt in x over T, carry (h, c) = (...) { ... }`
package struct Scan: Sendable {
  package var pattern: Pattern
  package var sequence: ExpressionID
  package var axis: ExpressionID
  package var carry: (pattern: Pattern, initial: ExpressionID)?
  package var body: Block
}

/// `minimize e over net, head with SGD(lr: 0.1) as opt`
package struct Minimize: Sendable {
  package var objective: ExpressionID
  package var modules: [ExpressionID]
  package var optimizer: ExpressionID
  package var name: Name?

  /// What the optimizer is called where the program gives it no name: `opt.lr`.
  package static let usualName = "opt"
}

/// `update net with fn (w) { clamp(w, -1, 1) }`, `update mean from net with fn (m, w) { lerp(m, w, 0.01) }`
package struct Update: Sendable {
  package var modules: [ExpressionID]
  package var source: ExpressionID?
  package var function: ExpressionID
}

package struct Declaration: Sendable {
  package var kind: Kind
  package var span: Span
  package let file: SourceFile
  /// Where the spaces, line breaks and comments before it begin.
  fileprivate let triviaStart: Int

  init(kind: Kind, span: Span, file: SourceFile, triviaStart: Int) {
    self.kind = kind
    self.span = span
    self.file = file
    self.triviaStart = triviaStart
  }

  /// The text of the `///` lines above it.
  package var documentation: String {
    var lines: [Substring] = []
    var line = file.line(at: span.start) - 1
    while line >= 0, file.lineSpan(line).end > triviaStart {
      let extent = file.lineSpan(line)
      let bytes = file.bytes[extent.start..<extent.end].drop { $0 == 0x20 || $0 == 0x09 }
      guard bytes.starts(with: "///".utf8) else { break }
      let text = Substring(String(decoding: bytes, as: UTF8.self))
      lines.append(text.dropFirst(text.hasPrefix("/// ") ? 4 : 3))
      line -= 1
    }
    return lines.reversed().joined(separator: "\n")
  }

  package enum Kind: Sendable {
    case use(path: ExpressionID)
    case data(Name, ExpressionID)
    case dim([(name: Name, value: ExpressionID)])
    case layer(LayerDeclaration)
    /// `fn` and `loss`
    case function(FunctionDeclaration)
    case optimizer(OptimizerDeclaration)
    case schedule(ScheduleDeclaration)
    case train(TrainDeclaration)
    case test(name: ExpressionID, Block)
    case sweep([(name: Name, values: ExpressionID)], Block)
  }
}

/// A class, as the other declarations are, so that a value that has one is handed on at no cost.
package final class LayerDeclaration: Sendable {
  package let name: Name
  package let statics: [Parameter]
  package let inputs: [Parameter]
  package let result: TypeNode?
  package let conditions: [Condition]
  package let body: Block

  init(
    name: Name, statics: [Parameter], inputs: [Parameter], result: TypeNode?,
    conditions: [Condition], body: Block
  ) {
    self.name = name
    self.statics = statics
    self.inputs = inputs
    self.result = result
    self.conditions = conditions
    self.body = body
  }
}

package final class FunctionDeclaration: Sendable {
  package let name: Name
  package let isLoss: Bool
  package let parameters: [Parameter]
  package let result: TypeNode?
  package let conditions: [Condition]
  package let body: Block
  /// Names and body after `grad`.
  package let gradient: (names: [Name], body: Block)?

  package init(
    name: Name, isLoss: Bool, parameters: [Parameter], result: TypeNode?,
    conditions: [Condition], body: Block, gradient: (names: [Name], body: Block)?
  ) {
    self.name = name
    self.isLoss = isLoss
    self.parameters = parameters
    self.result = result
    self.conditions = conditions
    self.body = body
    self.gradient = gradient
  }
}

/// `optimizer SGD(lr: real) for p, g { ... }`, `optimizer Newton() for all p, g, loss { ... }`
package final class OptimizerDeclaration: Sendable {
  package let name: Name
  package let statics: [Parameter]
  /// Whether it gets all parameters as one vector, not each by itself.
  package let isForAll: Bool
  package let parameter: Name
  package let gradient: Name
  /// What the objective is called as a function of that vector.
  package let objective: Name?
  package let conditions: [Condition]
  package let body: Block

  init(
    name: Name, statics: [Parameter], isForAll: Bool, parameter: Name, gradient: Name,
    objective: Name?, conditions: [Condition], body: Block
  ) {
    self.name = name
    self.statics = statics
    self.isForAll = isForAll
    self.parameter = parameter
    self.gradient = gradient
    self.objective = objective
    self.conditions = conditions
    self.body = body
  }
}

/// `schedule warm(peak: real) at step { ... }`
package final class ScheduleDeclaration: Sendable {
  package let name: Name
  package let statics: [Parameter]
  package let clock: Name
  package let body: Block

  init(name: Name, statics: [Parameter], clock: Name, body: Block) {
    self.name = name
    self.statics = statics
    self.clock = clock
    self.body = body
  }
}

package final class TrainDeclaration: Sendable {
  package let name: Name
  package let source: ExpressionID
  package let clauses: [Clause]

  init(name: Name, source: ExpressionID, clauses: [Clause]) {
    self.name = name
    self.source = source
    self.clauses = clauses
  }
}

package struct Clause: Sendable {
  package var kind: Kind
  package var span: Span

  package enum Kind: Sendable {
    case batch(ExpressionID, shuffled: Bool, dropLast: Bool)
    case epochs(ExpressionID)
    case steps(ExpressionID)
    case seed(ExpressionID)
    /// `precision bf16 keep f32 for norm, loss`
    case precision(Name, keep: Name?, for: [Name])
    case accumulate(ExpressionID)
    /// `clip norm 1.0`, `clip value 0.5`
    case clip(Name, ExpressionID)
    case minimize(Minimize)
    case update(Update)
    case step(Block)
    /// `every 10 steps { }`, `every epoch { }`
    case every(ExpressionID?, unit: Name, Block)
    case when(Trigger, Block)
    case stop(Trigger, restoreBest: Bool)
    case checkpoint(Checkpoint)
    case onNaN(Block)
  }
}

/// What a clause waits for.
package enum Trigger: Sendable {
  case condition(ExpressionID)
  /// `test.loss stalls 5 epochs by 1e-3`
  case stalls(ExpressionID, count: ExpressionID, unit: Name, by: ExpressionID?)
}

/// `checkpoint "runs/m" every epoch, keep best 1 by test.acc, keep last 2`
package struct Checkpoint: Sendable {
  package var path: ExpressionID
  package var interval: ExpressionID?
  package var unit: Name?
  package var best: (count: ExpressionID, metric: ExpressionID)?
  package var last: ExpressionID?
}
