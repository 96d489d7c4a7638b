import DLMSyntax
import Testing

@testable import DLMLanguageServer

@Suite struct HoverTests {
  private let client = TestClient()

  private func hover(_ mark: String, _ offset: Int = 0) -> String {
    client.ask("textDocument/hover", at: mark, offset)["contents"]?["value"]?.string ?? ""
  }

  @Test func `a layer says what it is, needs and costs`() {
    client.open(classifier)
    let page = hover("Net(x")
    #expect(page.contains("layer Net(x: real[B, 1, 28, 28]) -> logprob[B, 10]"))
    #expect(page.contains("Two convolutions."))
    #expect(page.contains("parameters: 14 670"))
    #expect(page.contains("multiply-adds: "))
    #expect(page.contains("training memory: at most "))
  }

  @Test func `a stage says what it gives there, and how that came about`() {
    client.open(classifier)
    let page = hover("Conv(10")
    #expect(page.contains("layer Conv("))
    #expect(page.contains("Here it gives `real[B, 10, 24, 24]`, 260 params"))
    #expect(page.contains("28 - 5 + 1"))
  }

  @Test func `a layer that is used wrongly keeps its hints`() {
    client.open(
      """
      layer Tiny(x: real[B, 1, 28, 28]) -> real[B, 10] { x |> flatten |> Linear(10) }
      let net = Tiny()
      let y = net(normal[2, 3, 28, 28])

      """)
    #expect(hover("flatten").contains("Here it gives `real[B, 784]`"))
  }

  @Test func `requirements are solved for the symbols`() {
    client.open(
      """
      layer Deep(x: real[B, 1, H, W]) -> real[B, 4, _, _] { x |> Conv(4, k: 5) |> MaxPool(2) |> Conv(4, k: 3) }

      """)
    #expect(hover("Deep").contains("requires H ≥ 10, W ≥ 10"))
  }

  @Test func `a name has its type and the way to it`() {
    client.open(classifier)
    let page = hover("h |> flatten")
    #expect(page.contains("let h: real[B, 10, 12, 12]"))
    #expect(page.contains("28 - 5 + 1"))
    #expect(page.contains("24 div 2"))
    #expect(page.contains("image of `mnist`"))
    #expect(hover("B, 1, 28").contains("dim B"))
    #expect(hover("image, mean").contains("image of `mnist`"))
    #expect(hover("real[B").contains("Real numbers"))
  }

  @Test func `layers and functions of the prelude are explained`() {
    client.open(classifier)
    #expect(hover("Conv(10").contains("layer Conv(out: int, k: ints"))
    #expect(hover("Conv(10").contains("Cross-correlation"))
    #expect(hover("relu").contains("fn relu"))
    #expect(hover("SGD").contains("optimizer SGD"))
    #expect(hover("mnist =").contains("train 600, test 100 rows"))
  }

  @Test func `nothing is said of nothing`() {
    client.open("\n\nlet a = 1\n")
    #expect(hover("\n\n") == "")
  }
}
