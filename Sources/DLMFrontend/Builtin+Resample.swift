import DLMOperators
import DLMShapes
import DLMSyntax

// Windows and other sizes of images.
extension Builtin {
  /// `resize(x, [H, W], mode: "bilinear")`: the last axes at other lengths.
  ///
  /// Places are the middles of pixels, as in the images of most libraries: `(i + 1/2) * S / T -
  /// 1/2`.
  static func resize(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    var options = try walk.labelled(rest, ["lengths", "mode"], of: call, &frame)
    let (lengths, written) = (options.take("lengths"), options.take("mode"))
    guard let lengths, options.plain.isEmpty else {
      throw Failure(.missingArgument("lengths", of: call.name, frame.label(call.id)))
    }
    let sizes = try walk.lengths(lengths, of: x, call.id, &frame)
    let mode = try walk.word(
      written.map { .expression($0) }, among: ["nearest", "bilinear"], call, &frame)
    var result = x
    for (offset, size) in sizes.enumerated() {
      let axis = x.type.dims.count - sizes.count + offset
      result =
        mode == "nearest"
        ? try walk.nearest(result, axis, size, call.id, &frame)
        : try walk.interpolated(result, axis, size, call.id, &frame)
    }
    return .tensor(result)
  }

  /// `adaptive_mean_pool(x, [3, 3])`, `adaptive_mean_pool(x, 3)`: the last axes cut into as many
  /// parts, which may overlap by one place, and the mean or the largest element of each.
  static func adaptivePool(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let (x, rest) = try walk.first(call, &frame)
    var options = try walk.labelled(rest, ["lengths"], of: call, &frame)
    guard let lengths = options.take("lengths"), options.plain.isEmpty else {
      throw Failure(.missingArgument("lengths", of: call.name, frame.label(call.id)))
    }
    let sizes = try walk.lengths(lengths, of: x, call.id, &frame)
    var result = try walk.real(x, at: call.id, &frame)
    for (offset, size) in sizes.enumerated() {
      let axis = x.type.dims.count - sizes.count + offset
      result = try walk.pooled(
        result, axis, size, isMean: call.name == "adaptive_mean_pool", call.id, &frame)
    }
    return .tensor(result)
  }

  /// `unfold(x, k: 3, stride: 2)`: what each window sees of `x: real[N, C, ...S]`, as
  /// `[N, C, ...T, ...k]`.
  static func unfold(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let options = try walk.options(call, ["k", "stride", "pad", "dilation"], &frame)
    let x = options.tensor
    let rank = max(0, x.type.dims.count - 2)
    let size = try options["k"].map { try walk.sizes($0, rank, &frame) } ?? []
    let window = try walk.window(size, options, call.id, &frame)
    var result = x
    if window.low.contains(where: { $0 > 0 }) {
      let low = [0, 0] + window.low.map { Dim($0) }
      let dims = zip(x.type.dims, low).map { $0 + 2 * $1 }
      result = try walk.apply(
        operator: "pad", [x], ["low": .dims(low), "dims": .dims(dims)], at: call.id, &frame)
    }
    for axis in (0..<rank).reversed() {
      let (stride, dilation, size) = (window.stride[axis], window.dilation[axis], window.size[axis])
      let length = result.type.dims[axis + 2]
      let reach = dilation * (size - 1) + 1
      let fits = Relation.atLeast(length, Dim(reach))
      guard frame.facts.decide(fits) != .refuted else {
        throw Failure(
          .conditionFails("a window of \(reach) does not fit into \(length)", frame.label(call.id)))
      }
      if frame.facts.decide(fits) == .deferred {
        walk.require(fits, at: frame.label(call.id), &frame)
      }
      let count = (length - Dim(reach)).floorDivided(by: Dim(stride)) + 1
      let index = try walk.table(
        [count, Dim(size)], of: .index(length), call.id, frame
      ) { places, _ in Double(places[0] * stride + places[1] * dilation) }
      result = try walk.apply(
        operator: "gather", [result, index], ["axis": .axes([axis + 2])], at: call.id, &frame)
    }
    let order = [0, 1] + (0..<rank).map { 2 + 2 * $0 } + (0..<rank).map { 3 + 2 * $0 }
    return .tensor(try walk.transposed(result, order, at: call.id, &frame))
  }
}

extension Evaluator {
  /// Lengths of the last axes of `x`: `[4, 4]`, or a number for all axes behind the channels.
  fileprivate func lengths(
    _ size: ExpressionID, of x: TensorValue, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> [Dim] {
    let rank = x.type.dims.count
    var sizes: [Dim]
    if case .list(let items) = frame.tree[size] {
      sizes = try dims(items, &frame)
    } else {
      guard let known = try value(size, &frame).asDims?.dims else {
        throw Failure(.notWhole("this", frame.label(size)))
      }
      sizes = known.count == 1 ? Array(repeating: known[0], count: max(1, rank - 2)) : known
    }
    guard sizes.count <= rank else { throw Failure(.nowhereToSlide(x.type, frame.label(id))) }
    for (length, size) in zip(x.type.dims.suffix(sizes.count), sizes) {
      guard frame.facts.decide(.atLeast(length, 1)) != .refuted,
        frame.facts.decide(.atLeast(size, 1)) != .refuted
      else {
        throw Failure(
          .conditionFails("an axis of \(length) does not become one of \(size)", frame.label(id)))
      }
    }
    return sizes
  }

  fileprivate func nearest(
    _ x: TensorValue, _ axis: Int, _ size: Dim, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let index = try indices(into: x.type.dims[axis], count: size, id, frame) { place, length in
      place * length / (frame.facts.normal(size).constant ?? 1)
    }
    return try apply(operator: "gather", [x, index], ["axis": .axes([axis])], at: id, &frame)
  }

  fileprivate func interpolated(
    _ x: TensorValue, _ axis: Int, _ size: Dim, _ id: ExpressionID, _ frame: inout Frame
  ) throws -> TensorValue {
    let facts = frame.facts
    func place(_ index: Int, _ length: Int) -> Double {
      let scale = Double(length) / Double(facts.normal(size).constant ?? 1)
      return max(0, (Double(index) + 0.5) * scale - 0.5)
    }
    let low = try indices(into: x.type.dims[axis], count: size, id, frame) {
      min(Int(place($0, $1)), $1 - 1)
    }
    let high = try indices(into: x.type.dims[axis], count: size, id, frame) {
      min(Int(place($0, $1)) + 1, $1 - 1)
    }
    let length = facts.normal(x.type.dims[axis]).constant ?? 1
    let share = try table([size], of: .real, id, frame) { places, _ in
      let place = place(places[0], length)
      return place - place.rounded(.down)
    }
    let a = try apply(operator: "gather", [x, low], ["axis": .axes([axis])], at: id, &frame)
    let b = try apply(operator: "gather", [x, high], ["axis": .axes([axis])], at: id, &frame)
    let others = a.type.dims.indices.filter { $0 != axis }
    let weight = try apply(
      .broadcast, [share], ["dims": .dims(a.type.dims), "axes": .axes(others)], at: id, &frame)
    let change = try combine(b, .subtract, a, at: id, &frame)
    return try combine(
      a, .add, try combine(change, .multiply, weight, at: id, &frame), at: id, &frame)
  }

  /// Part i of an axis of length S in T parts is `i * S div T` up to `ceil((i + 1) * S / T)`.
  fileprivate func pooled(
    _ x: TensorValue, _ axis: Int, _ size: Dim, isMean: Bool, _ id: ExpressionID,
    _ frame: inout Frame
  ) throws -> TensorValue {
    guard machine != nil else {
      var result = x
      result.type.dims[axis] = size
      return result
    }
    let length = try constant(x.type.dims[axis], id, frame)
    let parts = max(1, try constant(size, id, frame))
    func part(_ index: Int) -> Range<Int> {
      index * length / parts..<((index + 1) * length + parts - 1) / parts
    }
    // Shorter parts say their last place again, which the mean gives no weight.
    let width = (0..<parts).map { part($0).count }.max() ?? 1
    let dims = [Dim(parts), Dim(width)]
    let index = try table(dims, of: .index(x.type.dims[axis]), id, frame) { place, _ in
      Double(min(part(place[0]).lowerBound + place[1], part(place[0]).upperBound - 1))
    }
    var windows = try apply(
      operator: "gather", [x, index], ["axis": .axes([axis])], at: id, &frame)
    if isMean {
      let share = try table(dims, of: .real, id, frame) { place, _ in
        place[1] < part(place[0]).count ? 1 / Double(part(place[0]).count) : 0
      }
      let others = windows.type.dims.indices.filter { $0 != axis && $0 != axis + 1 }
      let weights = try apply(
        .broadcast, [share], ["dims": .dims(windows.type.dims), "axes": .axes(others)], at: id,
        &frame)
      windows = try combine(windows, .multiply, weights, at: id, &frame)
    }
    return try apply(
      operator: isMean ? "sum" : "max", [windows], ["axes": .axes([axis + 1])], at: id, &frame)
  }
}
