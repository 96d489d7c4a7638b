import DLMShapes
import DLMSyntax

/// What an expression stands for on the walk of a program. What is large is boxed: values are handed on
/// more often than they are made.
package enum Value {
  case none
  case int(Dim)
  /// `nil` while checking, where it depends on numbers of a run.
  case bool(Bool?)
  case string(String?)
  /// A tensor, or a real number: a tensor without axes.
  indirect case tensor(TensorValue)
  /// `tensor` is the same numbers as one, where the list has been bound to a name in a run: gradients
  /// are asked for by it.
  indirect case list([Value], tensor: TensorValue? = nil)
  /// While checking, a list of which only a run knows the length; each of its elements is like this one.
  indirect case anyNumber(of: Value)
  case tuple([Value])
  case record([(name: String, value: Value)])
  case range(Dim, Dim)
  indirect case function(FunctionValue)
  /// `checkpointed(f)`: f, whose inner values are computed again for its gradient.
  case recomputed(Recomputed)
  /// What an optimizer for all parameters minimizes, as a function of them.
  case objective(ObjectiveFunction)
  /// `tanh`, `sum`: what the language has by itself, as a value.
  case builtin(String)
  indirect case constructor(Constructor)
  case instance(Instance)
  indirect case optimizer(OptimizerValue)
  /// `schedule warm(peak: real) at step { ... }`
  case schedule(ScheduleDeclaration, Module)
  case dataset(Dataset)
  case split(DataSplit)
  /// `zeros`, `uniform`: something to be made of dims.
  case maker(Maker)
  /// A vector that belongs to one axis: `b along 1`.
  indirect case along(TensorValue, axis: Int)
  /// What `lines`, `scatter`, `regions`, `histogram` and `grid` give.
  indirect case picture(Picture)
  /// Positions of axes, once the tensor that they are of is known.
  case axes([Int])
  /// What a diagnostic has already been written about.
  case failed

  /// What a message calls a value of this sort.
  package var sort: String {
    switch self {
    case .none: "nothing"
    case .int: "a whole number"
    case .bool: "a truth value"
    case .string: "a string"
    case .tensor(let tensor):
      tensor.isScalar
        ? tensor.known.map { "the number \(NumberText.of($0))" } ?? "a number" : "\(tensor.type)"
    case .list, .anyNumber: "a list"
    case .tuple: "a tuple"
    case .record: "a record"
    case .range: "a range"
    case .function, .recomputed, .objective, .builtin: "a function"
    case .constructor(let constructor): "the constructor `\(constructor.name)`"
    case .instance(let instance): "the layer `\(instance.path)`"
    case .optimizer: "an optimizer"
    case .schedule: "a schedule"
    case .dataset, .split: "a data set"
    case .maker: "a maker of tensors"
    case .along: "a vector along an axis"
    case .picture: "a picture"
    case .axes: "axes"
    case .failed: "unknown"
    }
  }

  package static func number(_ value: Double) -> Value { .tensor(TensorValue(number: value)) }
}

/// A function: of the program, of the prelude, or written as a value.
package struct FunctionValue {
  package var declaration: FunctionDeclaration
  package var module: Module
  /// What a function written as a value sees around it.
  package var enclosing: Scope?
  /// The dims that it sees there.
  var dims: DimBindings = [:]
}

/// A function or a layer that keeps nothing for its gradient but what it was given.
package final class Recomputed {
  let function: Value

  init(_ function: Value) { self.function = function }
}

/// A layer or an optimizer before it is made.
package struct Constructor {
  package enum Declared {
    case layer(LayerDeclaration)
    case optimizer(OptimizerDeclaration)
  }

  package var declared: Declared
  package var module: Module

  package var name: String {
    switch declared {
    case .layer(let layer): layer.name.text
    case .optimizer(let optimizer): optimizer.name.text
    }
  }
}

/// An optimizer with its numbers, made by a `minimize`.
package struct OptimizerValue {
  package var declaration: OptimizerDeclaration
  package var module: Module
  package var statics: [String: Value]
  /// Parameters for which a static is another: `decay: 0.05 except bias, norm.*`.
  var exceptions: [(name: String, exception: GivenException)] = []
}

/// What makes a tensor of given dims.
package enum Maker: Hashable {
  case fill(Double)
  /// Draws; `isFixed` repeats the same ones.
  case draw(operation: String, isFixed: Bool)
}

/// Rows of named fields, known by their headers until a run reads them.
package final class Dataset {
  package struct Field {
    package var name: String
    /// Of one row; dims are symbols with known values.
    package var type: TensorType
    /// Of one row before `map` changes it; `nil` where it does not.
    var unmapped: TensorType?
    /// `image * scale + shift`: what stages such as `normalize` do to the raw numbers.
    package var transform: (scale: Double, shift: Double)?
    /// Whether `normalize` is among them.
    var isNormalized = false
    /// What `augment` does to a batch of it, as the program writes it.
    var augmentations: (calls: [ExpressionID], module: Module)?
    /// What `map` makes of a batch of it, in order.
    var maps: [FunctionValue] = []
    /// Columns that `stack` has put side by side in it.
    package internal(set) var stacked: [String] = []
    /// Where it comes from, for the chain of origin.
    package var source: String

    package init(name: String, type: TensorType, source: String) {
      self.name = name
      self.type = type
      self.source = source
    }
  }

  package let name: String
  package var fields: [Field]
  /// Rows of each split: `train`, `test`; a list has only the split ``.
  package var counts: [(split: String, rows: Int)]
  /// Facts about the symbols of the fields.
  package var facts: [Relation]
  /// What `eval` has found on a data set without splits: `points.loss`.
  package var metrics: [(name: String, value: Value)] = []
  /// Rows of a batch where a training does not say how many.
  package var batchSize: Int?
  /// The number of different characters, words or classes: `book.vocab`.
  package var vocabulary: Dim?
  /// What the numbers of a text stand for.
  package var words: [String] = []
  /// What the provider knows it by.
  package var content: any Sendable

  /// Whether a row is one character or word: what windows are cut from.
  var isText: Bool {
    guard vocabulary != nil, fields.count == 1, case .index = fields[0].type.kind else {
      return false
    }
    return fields[0].type.dims.isEmpty
  }

  /// A data set of the same rows, which may be changed without changing this one.
  func copy() -> Dataset {
    let copy = Dataset(
      name: name, fields: fields, counts: counts, facts: facts, content: content)
    (copy.batchSize, copy.vocabulary) = (batchSize, vocabulary)
    return copy
  }

  package init(
    name: String, fields: [Field], counts: [(split: String, rows: Int)], facts: [Relation],
    content: any Sendable
  ) {
    self.name = name
    self.fields = fields
    self.counts = counts
    self.facts = facts
    self.content = content
  }
}

/// One split of a data set.
package struct DataSplit {
  package var dataset: Dataset
  package var name: String
  package var rows: Int

  /// The most rows of a batch of an evaluation; nothing depends on it but memory and rounding.
  package static let evaluationRows = 256

  package init(dataset: Dataset, name: String, rows: Int) {
    self.dataset = dataset
    self.name = name
    self.rows = rows
  }

  /// What its metrics are called by: `test`, or the name of a data set that has no splits.
  package var title: String { name.isEmpty ? dataset.name : name }
}
