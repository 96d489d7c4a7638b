import DLMOperators
import Testing

@testable import DLMFrontend

/// What help says: of every name that a program can use without declaring it.
@Suite struct DocumentationTests {
  @Test func `every name is explained`() throws {
    let modules = Prelude().modules
    let declared = Documentation.names(in: modules)
    let data = ["idx", "csv", "npy", "text", "rows"]
    let names = Set(declared + Builtin.names + Maker.named.keys + Evaluator.stages + data)
      .union(Evaluator.augmentations.keys)
    #expect(names.count > 250)
    for name in names.sorted() {
      let page = try #require(Documentation(of: name, in: modules), "\(name)")
      #expect(page.head.contains(name), "\(page.head)")
      let sentence = page.text.prefix { $0 != "\n" }
      #expect(sentence.contains(" ") && page.text.contains("."), "\(name): \(page.text)")
      #expect(page.page.hasPrefix(page.head))
    }
  }

  @Test func `the table of functions has no name that the language does not know`() {
    let known = Set(Builtin.names + Maker.named.keys + Evaluator.stages)
      .union(Evaluator.augmentations.keys).union(["idx", "csv", "npy", "text", "rows", "augment"])
    #expect(BuiltinPage.names.filter { !known.contains($0) } == [])
  }

  @Test(arguments: BuiltinPage.names) func `the example of a function passes the checker`(
    name: String
  ) throws {
    let page = try #require(BuiltinPage.named(name))
    // What only gradients and the planner record takes windows, types and streams that no call can say.
    let attributes = Operator.named(name)?.signature.attributes.map(\.type) ?? []
    let isInner =
      Builtin.all[name] == nil && attributes.contains { [.window, .type, .stream].contains($0) }
    guard let example = page.example, !isInner, name != "convolve_input_gradient",
      name != "convolve_weight_gradient"
    else { return }
    let found = try drawn("print \(example)")
    #expect(found == "")
  }
}
