import ArgumentParser
import DLMFrontend
import DLMSyntax

/// `dlm explain S012`, `dlm explain Conv`
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a diagnostic by its code, or what the language declares by its name.",
    discussion: "Without an argument, all codes are listed.")

  @ArgumentParser.Argument(
    help: "The code, such as S012, or a name, such as Conv or cross_entropy.")
  var code: String?

  func run() throws {
    guard let code else {
      for page in Explanation.all { Terminal.out("\(page.code)  \(page.title)\n") }
      return
    }
    if let page = Explanation.all.first(where: { $0.code == code.uppercased() }) {
      return Terminal.out(page.page + "\n")
    }
    let modules = Prelude().modules
    if let page = Documentation(of: code, in: modules) { return Terminal.out(page.page + "\n") }
    let near =
      nearest(to: code, among: Documentation.names(in: modules))
      ?? nearest(to: code.uppercased(), among: Explanation.all.map(\.code))
    throw UsageError(
      "there is no diagnostic and no declaration `\(code)`"
        + (near.map { "; did you mean \($0)?" } ?? "."))
  }
}
