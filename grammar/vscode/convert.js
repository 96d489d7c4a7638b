// From the shapes of the protocol to those of the editor, and back. Positions are alike in both:
// lines and UTF-16 units from zero.
'use strict'

/** The conversions over `vscode`, which the tests replace. */
module.exports = (vscode) => {
  const c = {}
  const list = (one) => (items) => (items ?? []).map(one)

  // To the server.
  c.at = (position) => ({ line: position.line, character: position.character })
  c.span = (range) => ({ start: c.at(range.start), end: c.at(range.end) })
  c.document = (document) => ({ uri: document.uri.toString() })
  c.place = (document, position) => ({ textDocument: c.document(document), position: c.at(position) })

  // To the editor.
  c.position = ({ line, character }) => new vscode.Position(line, character)
  c.range = ({ start, end }) =>
    new vscode.Range(start.line, start.character, end.line, end.character)
  c.uri = (text) => vscode.Uri.parse(text, true)
  c.markdown = (content) => {
    if (Array.isArray(content)) return content.map(c.markdown)
    const isPlain = content.kind === 'plaintext'
    const text = typeof content === 'string' ? content : content.language
      ? '```' + content.language + '\n' + content.value + '\n```' : content.value
    const result = new vscode.MarkdownString()
    return isPlain ? result.appendText(text) : result.appendMarkdown(text)
  }

  const severities = ['Error', 'Warning', 'Information', 'Hint']
  c.diagnostic = (item) => {
    const result = new vscode.Diagnostic(
      c.range(item.range), item.message,
      vscode.DiagnosticSeverity[severities[(item.severity ?? 1) - 1]])
    result.source = item.source ?? 'dlm'
    result.code = item.codeDescription
      ? { value: item.code, target: c.uri(item.codeDescription.href) } : item.code
    result.tags = list((tag) => tag)(item.tags)
    result.relatedInformation = list(({ location, message }) =>
      new vscode.DiagnosticRelatedInformation(c.location(location), message))(
      item.relatedInformation)
    // The server finds its fixes by what it sent.
    result.original = item
    return result
  }
  c.diagnostics = list(c.diagnostic)

  c.hover = (item) => item && new vscode.Hover(
    [].concat(c.markdown(item.contents)), item.range && c.range(item.range))

  c.location = (item) => item.targetUri
    ? {
      originSelectionRange: item.originSelectionRange && c.range(item.originSelectionRange),
      targetUri: c.uri(item.targetUri),
      targetRange: c.range(item.targetRange),
      targetSelectionRange: c.range(item.targetSelectionRange ?? item.targetRange),
    }
    : new vscode.Location(c.uri(item.uri), c.range(item.range))
  c.locations = (items) => items && [].concat(items).map(c.location)

  c.edit = ({ range, newText }) => new vscode.TextEdit(c.range(range), newText)
  c.edits = (items) => items && items.map(c.edit)
  c.workspaceEdit = (item) => {
    if (!item) return undefined
    const result = new vscode.WorkspaceEdit()
    for (const { textDocument, edits } of item.documentChanges ?? []) {
      result.set(c.uri(textDocument.uri), edits.map(c.edit))
    }
    for (const [uri, edits] of Object.entries(item.documentChanges ? {} : item.changes ?? {})) {
      result.set(c.uri(uri), edits.map(c.edit))
    }
    return result
  }

  c.command = (item) => item
    && { title: item.title, command: item.command, arguments: item.arguments }
  c.codeAction = (item) => {
    if (typeof item.command === 'string') return c.command(item)
    const result = new vscode.CodeAction(
      item.title, item.kind && vscode.CodeActionKind.Empty.append(item.kind))
    result.edit = c.workspaceEdit(item.edit)
    result.command = c.command(item.command)
    result.isPreferred = item.isPreferred
    result.diagnostics = item.diagnostics && c.diagnostics(item.diagnostics)
    return result
  }
  c.codeActions = list(c.codeAction)
  c.codeLens = (item) => Object.assign(
    new vscode.CodeLens(c.range(item.range), c.command(item.command)), { original: item })

  // The numbers of the protocol are the editor's plus one.
  c.completion = (item) => {
    const result = new vscode.CompletionItem(
      item.labelDetails ? { label: item.label, ...item.labelDetails } : item.label,
      item.kind === undefined ? undefined : item.kind - 1)
    const text = item.textEdit?.newText ?? item.insertText ?? item.label
    result.insertText = item.insertTextFormat === 2 ? new vscode.SnippetString(text) : text
    if (item.textEdit) {
      const { range, insert, replace } = item.textEdit
      result.range = range ? c.range(range)
        : { inserting: c.range(insert), replacing: c.range(replace) }
    }
    result.detail = item.detail
    result.documentation = item.documentation && c.markdown(item.documentation)
    result.sortText = item.sortText
    result.filterText = item.filterText
    result.preselect = item.preselect
    result.commitCharacters = item.commitCharacters
    result.additionalTextEdits = c.edits(item.additionalTextEdits)
    result.command = c.command(item.command)
    result.original = item
    return result
  }
  c.completions = (answer) => answer && new vscode.CompletionList(
    (answer.items ?? answer).map(c.completion), answer.isIncomplete ?? false)

  c.signatures = (item) => {
    if (!item) return undefined
    const result = new vscode.SignatureHelp()
    result.signatures = item.signatures.map((one) => {
      const signature = new vscode.SignatureInformation(
        one.label, one.documentation && c.markdown(one.documentation))
      signature.parameters = list(({ label, documentation }) =>
        new vscode.ParameterInformation(label, documentation && c.markdown(documentation)))(
        one.parameters)
      return signature
    })
    result.activeSignature = item.activeSignature ?? 0
    result.activeParameter = item.activeParameter ?? 0
    return result
  }

  c.symbol = (item) => {
    if (item.location) {
      return new vscode.SymbolInformation(
        item.name, item.kind - 1, item.containerName ?? '', c.location(item.location))
    }
    const result = new vscode.DocumentSymbol(
      item.name, item.detail ?? '', item.kind - 1, c.range(item.range),
      c.range(item.selectionRange))
    result.children = list(c.symbol)(item.children)
    return result
  }
  c.symbols = list(c.symbol)

  c.highlight = ({ range, kind }) =>
    new vscode.DocumentHighlight(c.range(range), (kind ?? 1) - 1)
  c.hint = (item) => {
    const label = typeof item.label === 'string' ? item.label : item.label.map((part) =>
      Object.assign(new vscode.InlayHintLabelPart(part.value), {
        tooltip: part.tooltip && c.markdown(part.tooltip),
        location: part.location && c.location(part.location),
      }))
    const result = new vscode.InlayHint(c.position(item.position), label, item.kind)
    result.tooltip = item.tooltip && c.markdown(item.tooltip)
    result.paddingLeft = item.paddingLeft
    result.paddingRight = item.paddingRight
    result.textEdits = c.edits(item.textEdits)
    result.original = item
    return result
  }
  c.fold = ({ startLine, endLine, kind }) => new vscode.FoldingRange(
    startLine, endLine,
    { comment: vscode.FoldingRangeKind.Comment, imports: vscode.FoldingRangeKind.Imports,
      region: vscode.FoldingRangeKind.Region }[kind])
  c.selection = ({ range, parent }) =>
    new vscode.SelectionRange(c.range(range), parent && c.selection(parent))
  c.link = ({ range, target, tooltip }) => Object.assign(
    new vscode.DocumentLink(c.range(range), target && c.uri(target)), { tooltip })
  c.tokens = (item) => item && new vscode.SemanticTokens(new Uint32Array(item.data), item.resultId)
  c.each = list
  return c
}
