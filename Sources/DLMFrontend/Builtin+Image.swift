import DLMShapes
import DLMSyntax

extension Builtin {
  /// `image("cat.jpg")`: the pixels of a picture, `u8[3, H, W]`: red, green and blue from 0 to 255; with
  /// `channels: 1` their grey. H and W are those of the file.
  static func image(_ walk: Evaluator, _ call: Call, _ frame: inout Frame) throws -> Value {
    let piped = call.piped.map { $0.place }
    let options = try walk.labelled(call.arguments, ["channels"], of: call, &frame)
    guard let place = piped ?? options.plain.first, options.plain.count == (piped == nil ? 1 : 0)
    else {
      throw Failure(
        .wrongCount("image", found: options.plain.count, expected: 1, frame.label(call.id)))
    }
    guard case .string(let path?) = try call.piped?.value ?? walk.value(place, &frame) else {
      throw Failure(.notAString(frame.tree.text(place), frame.label(place)))
    }
    let channels = try options["channels"].map { try walk.whole($0, &frame) } ?? 3
    guard channels == 1 || channels == 3 else {
      throw Failure(
        .conditionFails("a picture has 1 or 3 channels, not \(channels)", frame.label(call.id)))
    }
    var dims = [Dim(channels), Dim(walk.symbols.symbol("H")), Dim(walk.symbols.symbol("W"))]
    do {
      let size = try walk.provider.picture(path)
      dims = [Dim(channels), Dim(size.height), Dim(size.width)]
    } catch let problem as DataProblem {
      let failure = Failure(.dataProblem(problem, frame.label(place)))
      guard walk.machine == nil, problem.isMissing else { throw failure }
      walk.report(failure)
    }
    var result = TensorValue(TensorType(.u8, dims))
    result.handle = try walk.machine?.picture(path, channels: channels)
    return .tensor(result)
  }
}
