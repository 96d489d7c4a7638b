import ArgumentParser
import DLMFrontend
import DLMSyntax

/// `dlm explain S012`
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a diagnostic by its code, with a wrong and a right program.",
    discussion: "Without a code, all of them are listed.")

  @ArgumentParser.Argument(help: "The code, such as S012.")
  var code: String?

  func run() throws {
    guard let code else {
      for page in Explanation.all { Terminal.out("\(page.code)  \(page.title)\n") }
      return
    }
    guard let page = Explanation.all.first(where: { $0.code == code.uppercased() }) else {
      let near = nearest(to: code.uppercased(), among: Explanation.all.map(\.code))
      throw UsageError(
        "there is no diagnostic `\(code)`\(near.map { "; did you mean \($0)?" } ?? ".")")
    }
    Terminal.out(page.page + "\n")
  }
}
