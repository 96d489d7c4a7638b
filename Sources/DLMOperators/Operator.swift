import DLMShapes
import DLMTensor

/// A primitive: all that the language, the differentiator, the planner and the tests know of it.
///
/// `Operator.all` is the table. Nothing else in the project lists primitives; what can be expressed
/// with them is written in dlm, in the prelude. A class, because an operator has an identity and
/// every node of a graph points at one.
package final class Operator: Sendable {
  package let name: String
  /// Operands, attributes and, where text can say it, result and conditions, as dlm text:
  /// `(a: real[...L, m, k], b: real[...L, k, n]) -> real[...L, m, n]`. What stands after `;` are
  /// attributes, known when the operator is recorded; the parts of a `window` (`size`, `stride`,
  /// `low`, `high`, `dilation`) are names too.
  package let signatureText: String
  /// One line, third person.
  package let summary: String
  /// Where a formula comes from, if it is not plain arithmetic.
  package let source: String?
  /// Gradient of each differentiable operand as dlm text over the operand and attribute names, the
  /// result `y` and its gradient `dy`. An operand that is missing gets none.
  package let gradientTexts: [String: String]
  /// A runnable line for help and the reference page.
  package let example: String
  /// Operands and attributes on which the generated tests run it.
  package var samples: [Sample] { makeSamples() }
  private let makeSamples: @Sendable () -> [Sample]
  /// How the planner runs it.
  package let lowering: Lowering
  /// The result where the signature does not say it.
  private let rule: ResultRule?
  private let readSignature = ReadOnce<Signature>()
  private let readGradients = ReadOnce<[String: Formula]>()
  private let readResultOfReals = ReadOnce<Kind?>()

  init(
    _ name: String, _ signature: String, _ summary: String, source: String? = nil,
    gradients: [String: String] = [:], example: String,
    samples: @autoclosure @escaping @Sendable () -> [Sample], lowering: Lowering,
    rule: ResultRule? = nil
  ) {
    self.name = name
    signatureText = signature
    self.summary = summary
    self.source = source
    gradientTexts = gradients
    self.example = example
    makeSamples = samples
    self.lowering = lowering
    self.rule = rule
  }

  /// `signatureText`, read.
  package var signature: Signature {
    readSignature.value {
      do {
        return try Signature(signatureText)
      } catch {
        preconditionFailure("the declaration of `\(name)` cannot be read: \(error)")
      }
    }
  }

  /// `gradientTexts`, read.
  package var gradients: [String: Formula] {
    readGradients.value {
      do {
        return try gradientTexts.mapValues { try FormulaReader.formula($0) }
      } catch {
        preconditionFailure("a gradient of `\(name)` cannot be read: \(error)")
      }
    }
  }

  /// What an element-wise operator gives for reals of one shape; `nil` for any other.
  private var resultOfReals: Kind? {
    readResultOfReals.value {
      guard case .map = lowering, rule == nil, signature.attributes.isEmpty,
        signature.conditions.isEmpty, case .tensor(let result, let dims)? = signature.result,
        signature.operands.allSatisfy({ operand in
          guard case .tensor(let kind, let own) = operand.type else { return false }
          return own == dims && kind.takesReals
        })
      else { return nil }
      return switch result {
      case .kind(let kind): kind
      case .number, .any: .real
      case .element, .index: nil
      }
    }
  }

  /// The type of the result for operands of these types; dims may be symbolic.
  ///
  /// - Throws: `InferenceFailure` where the operator cannot be applied.
  package func infer(
    _ operands: [TensorType], _ attributes: Attributes = [:], _ facts: Facts = Facts()
  ) throws(InferenceFailure) -> Inference {
    // Most of what a program writes.
    if let type = operands.first, type.kind == .real, attributes.entries.isEmpty,
      let kind = resultOfReals, operands.count == signature.operands.count,
      operands.dropFirst().allSatisfy({ $0 == type }), !type.dims.contains(where: \.isOverflow)
    {
      let element = kind.isReal ? type.element : kind.element
      return Inference(type: TensorType(kind, type.dims, element), deferred: [], attributes: [:])
    }
    var match = try Match(signature, operands, attributes, facts)
    var type: TensorType
    if let rule {
      type = try rule(&match)
    } else if let result = signature.result {
      type = try match.type(result)
    } else {
      preconditionFailure("the declaration of `\(name)` says no result")
    }
    for (axis, dim) in type.dims.enumerated() {
      let relation = Relation.atLeast(dim, 0)
      guard !dim.isOverflow, facts.decide(relation) != .refuted else {
        throw .requirement("axis \(axis) of the result has a length", relation)
      }
    }
    type.element = match.element(of: type.kind, readsIndices: lowering.readsIndices)
    return Inference(type: type, deferred: match.deferred, attributes: match.attributes)
  }
}

extension Operator {
  /// The declared gradient of an operand; all operands of a variadic operator share one.
  package func gradient(ofOperandAt position: Int) -> Formula? {
    gradients[operandName(position)]
  }

  /// Whether there is one.
  package func hasGradient(ofOperandAt position: Int) -> Bool {
    gradientTexts[operandName(position)] != nil
  }

  private func operandName(_ position: Int) -> String {
    signature.operands[min(position, signature.operands.count - 1)].name
  }
}

extension Operator: Hashable {
  package static func == (a: Operator, b: Operator) -> Bool { a === b }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// The result type of an operator applied to operands.
package struct Inference: Hashable, Sendable {
  package var type: TensorType
  /// What must hold and depends on symbols: requirements of the layer.
  package var deferred: [Relation]
  /// What the operator was told, standard values put in.
  package var attributes: Attributes
}

/// The result of an operator whose signature cannot say it, from what the signature matched.
typealias ResultRule = @Sendable (inout Match) throws(InferenceFailure) -> TensorType

/// How a primitive becomes kernel calls. The planner switches over this, never over names.
package enum Lowering: Hashable, Sendable {
  /// Element-wise; all operands have the shape of the result.
  case map(ScalarFunction)
  /// Element-wise; attribute `type`.
  case cast
  /// The first operand as it is; no gradient passes.
  case stopGradient
  /// Only other strides on the same elements, or a copy where that is impossible.
  /// Attributes: broadcast `dims`, `axes`, those of the result that the operand lacks; reshape
  /// `dims`; transpose `axes`, the operand's axis for each of the result; slice `starts`, `dims`,
  /// `steps`: `y[i] = x[starts + i * steps]`; reverse `axes`.
  case broadcast, reshape, transpose, slice, reverse
  /// Attributes `low`, `dims` (of the result), `steps`, `value`: x[i] goes to `low + i * steps`,
  /// all else is `value`. The adjoint of slice.
  case pad
  /// Any number of operands joined along attribute `axis`.
  case concatenate
  /// Attribute `axes`; the result drops them.
  case reduce(Reduction)
  /// Attribute `axis`; the result drops it.
  case indexOf(Extremum)
  /// a `[...L, m, k]`, b `[...L, k, n]`, same leading dims.
  case matmul
  /// Attributes `window` and `groups`; the gradients also `dims`, those of their result.
  case convolve, convolveInputGradient, convolveWeightGradient
  /// Attribute `window`; `meanPoolGradient` also `dims`.
  case maxPool, maxPoolScatter, maxPoolGather, meanPool, meanPoolGradient
  /// x, index; attribute `axis`. gather: the dims of `index` stand in place of the axis.
  /// scatterAdd: x, index; attributes `axis`, `dims`.
  case gather, scatterAdd
  /// x, index (x without `axis`); attribute `axis`. place: attributes `axis`, `dims`.
  case pick, place
  /// Attributes `dims`, `stream`, `fixed`, `type`.
  case random(Distribution)
  /// Attributes `dims`, `axis`.
  case iota
  /// Attributes `value`, `dims`, `type`: every element is `value`.
  case constant
  /// Something done with whole arrays; the attributes are those of the family.
  case routine(RoutineFamily)
  /// The first operand under a new name, `stream`: what is computed from it is computed anew.
  case renewed

  /// Whether the second operand says where elements of the first are or go.
  package var readsIndices: Bool {
    self == .gather || self == .scatterAdd || self == .pick || self == .place
      || self == .routine(.take) || self == .routine(.put)
  }

  /// Whether each element of the result depends on one element of each operand, at the same place.
  package var isElementwise: Bool {
    switch self {
    case .map, .cast, .stopGradient: true
    case .broadcast, .reshape, .transpose, .slice, .reverse, .pad, .concatenate, .reduce, .indexOf,
      .matmul, .convolve, .convolveInputGradient, .convolveWeightGradient, .maxPool,
      .maxPoolScatter, .maxPoolGather, .meanPool, .meanPoolGradient, .gather, .scatterAdd, .pick,
      .place, .random, .iota, .constant, .routine, .renewed:
      false
    }
  }
}
