// What the editor asks of the server: one entry a feature, registered where the server offers it.
'use strict'

/** Registers everything that `capabilities` names; what comes back ends it again. */
module.exports = (vscode, convert, connection, capabilities, changed) => {
  const c = convert
  const selector = [{ language: 'dlm' }]
  const languages = vscode.languages
  const ask = (method, params, token) =>
    connection.request(`textDocument/${method}`, params, token)
  const document = (it) => ({ textDocument: c.document(it) })
  const layout = ({ tabSize, insertSpaces }) => ({ tabSize, insertSpaces })
  const triggers = (name) => capabilities[name]?.triggerCharacters ?? []

  const features = {
    hoverProvider: () => languages.registerHoverProvider(selector, {
      provideHover: async (it, at, token) => c.hover(await ask('hover', c.place(it, at), token)),
    }),

    completionProvider: () => languages.registerCompletionItemProvider(selector, {
      provideCompletionItems: async (it, at, token, context) => c.completions(
        await ask('completion', {
          ...c.place(it, at),
          context: {
            triggerKind: (context?.triggerKind ?? 0) + 1, triggerCharacter: context?.triggerCharacter,
          },
        }, token)),
      ...capabilities.completionProvider?.resolveProvider && {
        resolveCompletionItem: async (item, token) => c.completion(
          await connection.request('completionItem/resolve', item.original, token)
            ?? item.original),
      },
    }, ...triggers('completionProvider')),

    signatureHelpProvider: () => languages.registerSignatureHelpProvider(selector, {
      provideSignatureHelp: async (it, at, token) =>
        c.signatures(await ask('signatureHelp', c.place(it, at), token)),
    }, ...triggers('signatureHelpProvider')),

    definitionProvider: () => languages.registerDefinitionProvider(selector, {
      provideDefinition: async (it, at, token) =>
        c.locations(await ask('definition', c.place(it, at), token)),
    }),

    referencesProvider: () => languages.registerReferenceProvider(selector, {
      provideReferences: async (it, at, context, token) => c.locations(
        await ask('references', {
          ...c.place(it, at), context: { includeDeclaration: context.includeDeclaration },
        }, token)),
    }),

    documentHighlightProvider: () => languages.registerDocumentHighlightProvider(selector, {
      provideDocumentHighlights: async (it, at, token) =>
        c.each(c.highlight)(await ask('documentHighlight', c.place(it, at), token)),
    }),

    renameProvider: () => languages.registerRenameProvider(selector, {
      provideRenameEdits: async (it, at, newName, token) =>
        c.workspaceEdit(await ask('rename', { ...c.place(it, at), newName }, token)),
      ...capabilities.renameProvider?.prepareProvider && {
        prepareRename: async (it, at, token) => {
          const answer = await ask('prepareRename', c.place(it, at), token)
          if (!answer) throw new Error('there is nothing to rename here')
          if (answer.defaultBehavior) return it.getWordRangeAtPosition(at)
          return answer.range
            ? { range: c.range(answer.range), placeholder: answer.placeholder }
            : c.range(answer)
        },
      },
    }),

    documentSymbolProvider: () => languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: async (it, token) =>
        c.symbols(await ask('documentSymbol', document(it), token)),
    }),

    workspaceSymbolProvider: () => languages.registerWorkspaceSymbolProvider({
      provideWorkspaceSymbols: async (query, token) =>
        c.symbols(await connection.request('workspace/symbol', { query }, token)),
    }),

    documentFormattingProvider: () => languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: async (it, options, token) =>
        c.edits(await ask('formatting', { ...document(it), options: layout(options) }, token)),
    }),

    documentRangeFormattingProvider: () =>
      languages.registerDocumentRangeFormattingEditProvider(selector, {
        provideDocumentRangeFormattingEdits: async (it, range, options, token) => c.edits(
          await ask('rangeFormatting', {
            ...document(it), range: c.span(range), options: layout(options),
          }, token)),
      }),

    codeActionProvider: () => languages.registerCodeActionsProvider(selector, {
      provideCodeActions: async (it, range, context, token) => c.codeActions(
        await ask('codeAction', {
          ...document(it),
          range: c.span(range),
          context: {
            diagnostics: context.diagnostics.map((one) => one.original).filter(Boolean),
            only: context.only && [context.only.value],
          },
        }, token)),
    }, {
      providedCodeActionKinds: (capabilities.codeActionProvider?.codeActionKinds ?? ['quickfix'])
        .map((kind) => vscode.CodeActionKind.Empty.append(kind)),
    }),

    codeLensProvider: () => languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changed.lenses.event,
      provideCodeLenses: async (it, token) =>
        c.each(c.codeLens)(await ask('codeLens', document(it), token)),
      ...capabilities.codeLensProvider?.resolveProvider && {
        resolveCodeLens: async (lens, token) => lens.command ? lens
          : c.codeLens(await connection.request('codeLens/resolve', lens.original, token)),
      },
    }),

    inlayHintProvider: () => languages.registerInlayHintsProvider(selector, {
      onDidChangeInlayHints: changed.hints.event,
      provideInlayHints: async (it, range, token) =>
        c.each(c.hint)(await ask('inlayHint', { ...document(it), range: c.span(range) }, token)),
      ...capabilities.inlayHintProvider?.resolveProvider && {
        resolveInlayHint: async (hint, token) => c.hint(
          await connection.request('inlayHint/resolve', hint.original, token) ?? hint.original),
      },
    }),

    semanticTokensProvider: () => {
      const { legend } = capabilities.semanticTokensProvider
      return languages.registerDocumentSemanticTokensProvider(selector, {
        onDidChangeSemanticTokens: changed.tokens.event,
        provideDocumentSemanticTokens: async (it, token) =>
          c.tokens(await ask('semanticTokens/full', document(it), token)),
      }, new vscode.SemanticTokensLegend(legend.tokenTypes, legend.tokenModifiers))
    },

    foldingRangeProvider: () => languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: async (it, context, token) =>
        c.each(c.fold)(await ask('foldingRange', document(it), token)),
    }),

    selectionRangeProvider: () => languages.registerSelectionRangeProvider(selector, {
      provideSelectionRanges: async (it, positions, token) => c.each(c.selection)(
        await ask('selectionRange', { ...document(it), positions: positions.map(c.at) }, token)),
    }),

    documentLinkProvider: () => languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: async (it, token) =>
        c.each(c.link)(await ask('documentLink', document(it), token)),
    }),
  }
  return Object.keys(features).filter((name) => capabilities[name]).map((name) => features[name]())
}
