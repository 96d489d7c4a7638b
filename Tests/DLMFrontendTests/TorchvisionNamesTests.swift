import DLMShapes
import DLMSyntax
import Testing

@testable import DLMFrontend

/// Names of torchvision's files against the parts of layers.
@Suite struct TorchvisionNamesTests {
  private static let place = Diagnostic.Label(
    SourceFile(path: "a.dlm", text: ""), Span(0, 0))

  private func names(_ parts: [(String, Int, [Dim])], _ file: [(String, [Int])]) -> [String: String]
  {
    let parts = parts.map { name, layer, dims in
      LayerPart(path: "net.\(name)", name: name, layer: layer, type: TensorType(.real, dims))
    }
    let weights = file.map { name, dims in
      FileWeight(name: name, dims: dims.map { Dim($0) }, file: "a", place: Self.place)
    }
    return parts.names(ofTorchvision: weights, Facts())
  }

  @Test func `equal modules are in the order of their numbers, others go by their shapes`() {
    let found = names(
      [
        ("conv1.w", 1, [8, 3, 7, 7]), ("batchNorm1.gain", 2, [8]), ("batchNorm1.bias", 2, [8]),
        ("batchNorm1.mean", 2, [8]), ("batchNorm1.var", 2, [8]),
        ("basic1.conv1.w", 4, [8, 8, 3, 3]),
        ("basic2.conv1.w", 5, [8, 8, 3, 3]), ("basic11.conv1.w", 6, [8, 8, 3, 3]),
        ("linear1.w", 7, [10, 8]), ("linear1.b", 7, [10]),
      ],
      [
        ("fc.bias", [10]), ("layer10.0.weight", [8, 8, 3, 3]), ("layer2.0.weight", [8, 8, 3, 3]),
        ("bn1.running_var", [8]), ("bn1.weight", [8]), ("bn1.num_batches_tracked", []),
        ("bn1.running_mean", [8]), ("bn1.bias", [8]), ("layer1.0.weight", [8, 8, 3, 3]),
        ("conv1.weight", [8, 3, 7, 7]), ("fc.weight", [10, 8]),
      ])
    #expect(
      found == [
        "conv1.weight": "conv1.w", "bn1.weight": "batchNorm1.gain", "bn1.bias": "batchNorm1.bias",
        "bn1.running_mean": "batchNorm1.mean", "bn1.running_var": "batchNorm1.var",
        "layer1.0.weight": "basic1.conv1.w", "layer2.0.weight": "basic2.conv1.w",
        "layer10.0.weight": "basic11.conv1.w", "fc.weight": "linear1.w", "fc.bias": "linear1.b",
      ])
  }

  @Test func `what is in one module goes by its number first`() {
    let shape: [Dim] = [8]
    let found = names(
      [
        ("first.gain", 1, shape), ("dense1.gain", 2, shape), ("narrow1.gain", 3, shape),
        ("last.gain", 4, shape),
      ],
      ["norm5", "denseblock1.norm1", "transition1.norm", "norm0"].map {
        ("features.\($0).weight", [8])
      })
    #expect(
      found == [
        "features.norm0.weight": "first.gain", "features.denseblock1.norm1.weight": "dense1.gain",
        "features.transition1.norm.weight": "narrow1.gain", "features.norm5.weight": "last.gain",
      ])
  }

  @Test func `a layer whose shape is in no module gets nothing`() {
    let found = names(
      [("a.w", 1, [3, 2]), ("a.b", 1, [3])], [("x.weight", [3, 5]), ("x.bias", [3])])
    #expect(found.isEmpty)
  }

  @Test func `a width that comes with the input fits any`() {
    let wide = Dim(Symbol(id: 1, name: "I"))
    let found = names(
      [("a.w", 1, [3, wide]), ("a.b", 1, [3])], [("x.weight", [3, 5]), ("x.bias", [3])])
    #expect(found == ["x.weight": "a.w", "x.bias": "a.b"])
  }
}
