import DLMSyntax
import Foundation
import Testing

/// Editor support, each editor's in the editor itself. A test whose program is missing says so and
/// does nothing; `.ci/run` installs node and Vim.
@Suite struct EditorTests {
  // MARK: VS Code

  @Test(.enabled(if: Tool.node.isThere, "node is missing: apt-get install nodejs"))
  func `the extension and the TextMate grammar pass their tests in node`() throws {
    let programs = try Programs.write()
    defer { try? FileManager.default.removeItem(atPath: programs) }
    let scripts = try FileManager.default.contentsOfDirectory(atPath: Folder.javaScript)
      .filter { $0.hasSuffix(".test.js") }.sorted()
    #expect(scripts.count == 3)
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let run = try Tool.node.run(
      ["--test"] + scripts.map { "\(Folder.javaScript)/\($0)" },
      environment: [
        "DLM_PROGRAMS": programs, "DLM_PROGRAM": products.appendingPathComponent("dlm").path,
      ])
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("# fail 0") && run.output.contains("# skipped 0"), "\(run.output)")
  }

  /// `${1:text}` is what stands there before anything is typed.
  @Test func `snippets are programs`() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Folder.grammar + "/vscode/snippets.json"))
    let snippets = try #require(
      JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    #expect(snippets.count >= 10)
    let clauses: Set = ["eval", "checkpoint", "stop"]
    for (name, snippet) in snippets {
      let body = try #require(snippet["body"] as? [String]).joined(separator: "\n")
      // A place to type in stands behind something whole, or alone.
      var text = body.replacing(/\$\{\d+:([^}]*)\}/) { $0.output.1 }
        .replacing(/([)\]}a-z])\$0/) { $0.output.1 }.replacing(/\$\d+/, with: "x")
      if clauses.contains(try #require(snippet["prefix"] as? String)) {
        text = "train fit on d {\n\(text)\n}"
      }
      let parsed = Parser.parse(SourceFile(path: name, text: text))
      #expect(parsed.diagnostics.isEmpty, "\(name):\n\(text)\n\(parsed.diagnostics)")
    }
  }

  // MARK: Vim and Neovim

  @Test(arguments: ["everything.dlm", "mistakes.txt"])
  func `Vim and Neovim colour as the snapshot says`(_ sample: String) throws {
    for editor in [Tool.vim, .neovim] where editor.says() {
      let found = try editor.onCopy(of: "\(Folder.samples)/\(sample)") { copy, output in
        try editor.vim(copy, ["source \(Folder.samples)/colours.vim"], ["DLM_OUTPUT": output])
      }
      try expect(found.output, isSnapshot: sample, "vim")
    }
  }

  @Test(arguments: Programs.laidOut)
  func `Vim and Emacs indent programs as they are`(_ program: String) throws {
    let text = try String(contentsOfFile: program, encoding: .utf8)
    for editor in [Tool.vim, .neovim, .emacs] where editor.says() {
      let indented = try editor.onCopy(of: program) { copy, _ in
        if editor == .emacs {
          try editor.emacs(
            copy, "(progn (indent-region (point-min) (point-max)) (save-buffer))")
        } else {
          try editor.vim(copy, ["normal gg=G", "write", "quit"], [:])
        }
      }
      #expect(indented.copy == text, "\(editor)")
    }
  }

  @Test func `Vim reads what dlm check says`() throws {
    let said = "net.dlm:8:21: error[S012]: too wide\na b.dlm:3:1: warning[W041]: unused\n"
    for editor in [Tool.vim, .neovim] where editor.says() {
      let found = try editor.onCopy(of: "\(Folder.samples)/everything.dlm") { copy, output in
        try said.write(toFile: output, atomically: true, encoding: .utf8)
        return try editor.vim(
          copy,
          [
            "setlocal makeprg=cat\\ $DLM_OUTPUT", "silent make!",
            "call writefile(map(getqflist(), 'bufname(v:val.bufnr) . \" \" . v:val.lnum . \" \" . "
              + "v:val.col . \" \" . v:val.type . \" \" . v:val.text'), $DLM_OUTPUT)", "qall!",
          ], ["DLM_OUTPUT": output])
      }
      #expect(found.output == "net.dlm 8 21 e [S012]: too wide\na b.dlm 3 1 w [W041]: unused\n")
    }
  }

  /// Neovim beside the stand-in server: it is started once, told the text, and asked.
  @Test(
    .enabled(
      if: Tool.neovim.isThere && Tool.node.isThere, "neovim is missing: apt-get install neovim"))
  func `Neovim starts the server`() throws {
    let script = """
      lua require('dlm').setup({ cmd = { 'node', '\(Folder.javaScript)/stand_in_server.js', 'lsp' } })
      """
    let found = try Tool.neovim.onCopy(of: "\(Folder.samples)/everything.dlm") { copy, output in
      try Tool.neovim.vim(
        copy,
        [
          script, "doautocmd FileType",
          "lua vim.wait(5000, function() return #vim.lsp.buf_get_clients(0) > 0 and "
            + "vim.lsp.buf_get_clients(0)[1].initialized end)",
          "lua local r = vim.lsp.buf_request_sync(0, 'textDocument/hover', "
            + "vim.lsp.util.make_position_params(), 3000); local n = "
            + "vim.lsp.buf_request_sync(0, 'test/received', {}, 3000); local c = {}; "
            + "for _, m in ipairs(({next(n)})[2].result) do table.insert(c, m.method) end; "
            + "vim.fn.writefile({ ({next(r)})[2].result.contents.value, table.concat(c, ' ') }, "
            + "os.getenv('DLM_OUTPUT'))", "qall!",
        ], ["DLM_OUTPUT": output])
    }
    #expect(found.output.hasPrefix("`real[B, 320]`\ninitialize initialized textDocument/didOpen"))
  }

  // MARK: Emacs

  @Test(
    .enabled(if: Tool.emacs.isThere, "emacs is missing: apt-get install emacs-nox"),
    arguments: ["everything.dlm", "mistakes.txt"])
  func `Emacs colours as the snapshot says`(_ sample: String) throws {
    let found = try Tool.emacs.onCopy(of: "\(Folder.samples)/\(sample)") { copy, output in
      try Tool.emacs.run(
        [
          "-Q", "--batch", "-l", "\(Folder.grammar)/emacs/dlm-mode.el", "-l",
          "\(Folder.samples)/colours.el", copy, output,
        ])
    }
    try expect(found.output, isSnapshot: sample, "emacs")
  }

  @Test(.enabled(if: Tool.emacs.isThere, "emacs is missing: apt-get install emacs-nox"))
  func `Emacs compiles its mode without a warning`() throws {
    let found = try Tool.emacs.onCopy(of: "\(Folder.grammar)/emacs/dlm-mode.el") { copy, _ in
      try Tool.emacs.run(["-Q", "--batch", "-f", "batch-byte-compile", copy])
    }
    #expect(found.said.contains("Warning") == false, "\(found.said)")
  }

  // MARK: Helix

  /// Helix itself is not run: its settings are read as it reads them, and what they name is started.
  @Test(.enabled(if: Tool.python.isThere, "python3 is missing: apt-get install python3"))
  func `Helix is told what there is`() throws {
    let script = """
      import json, sys, tomllib
      print(json.dumps(tomllib.load(open(sys.argv[1], "rb"))))
      """
    let read = try Tool.python.run(["-c", script, "\(Folder.grammar)/helix/languages.toml"])
    // Before 3.11 there is no `tomllib`.
    if read.output.contains("No module named") { return }
    let settings = try #require(
      JSONSerialization.jsonObject(with: Data(read.output.utf8)) as? [String: Any])
    let servers = try #require(settings["language-server"] as? [String: [String: Any]])
    let language = try #require((settings["language"] as? [[String: Any]])?.first)
    // - Source: https://docs.helix-editor.com/languages.html
    let known: Set = [
      "name", "scope", "file-types", "comment-token", "indent", "auto-format", "language-servers",
      "formatter", "auto-pairs",
    ]
    #expect(Set(language.keys).isSubset(of: known))
    #expect(language["file-types"] as? [String] == ["dlm"])
    let name = try #require((language["language-servers"] as? [String])?.first)
    #expect(servers[name]?["command"] as? String == "dlm")
    #expect(servers[name]?["args"] as? [String] == ["lsp"])
    let formatter = try #require(language["formatter"] as? [String: Any])
    let words = try #require(formatter["args"] as? [String]).joined(separator: " ")
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    let laidOut = try Tool.shell.run(["-c", "echo 'let  a=1' | \(products)/dlm \(words)"])
    #expect(laidOut.output == "let a = 1\n")
  }

  // MARK: All

  /// A word that the grammar has gained must get its colour everywhere.
  @Test(arguments: [
    "vscode/dlm.tmLanguage.json", "vim/syntax/dlm.vim", "emacs/dlm-mode.el",
  ])
  func `every word of the grammar is known`(_ file: String) throws {
    let grammar = try String(contentsOfFile: Folder.grammar + "/dlm.ebnf", encoding: .utf8)
      .replacing(/\(\*[\s\S]*?\*\)/, with: "")
    let known = try Set(
      String(contentsOfFile: "\(Folder.grammar)/\(file)", encoding: .utf8)
        .matches(of: /[a-z]+/).map { String($0.0) })
    let words = Set(grammar.matches(of: /"([a-z]+)"/).map { String($0.output.1) })
    #expect(words.count > 70)
    // The exponent of a number; a function whose braces the grammar knows.
    #expect(words.subtracting(["e", "augment"]).subtracting(known).isEmpty)
  }

  @Test(arguments: ["vscode", "vim", "emacs", "helix"])
  func `every editor has its screen of instructions`(_ editor: String) throws {
    let text = try String(contentsOfFile: "\(Folder.grammar)/\(editor)/README.md", encoding: .utf8)
    #expect((8...60).contains(text.split(separator: "\n").count))
  }

  private func expect(_ found: String, isSnapshot sample: String, _ editor: String) throws {
    let name = "\((sample as NSString).deletingPathExtension).\(editor).txt"
    let path = "\(Folder.tests)/Snapshots/\(name)"
    if ProcessInfo.processInfo.environment["DLM_RECORD"] != nil {
      try found.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(
      try found == String(contentsOfFile: path, encoding: .utf8),
      "\(name) is out of date; DLM_RECORD=1 swift test rewrites it")
  }
}
