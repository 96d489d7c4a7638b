// Keeps the server's copy of every open program equal to the editor's.
'use strict'

/** Sends what is open now and, from then on, every change; what comes back ends it. */
module.exports = (vscode, convert, connection, sync) => {
  const isOurs = (document) => document.languageId === 'dlm'
    && (document.uri.scheme === 'file' || document.uri.scheme === 'untitled')
  const sendsParts = (typeof sync === 'number' ? sync : sync?.change) === 2
  const versioned = (document) =>
    ({ uri: document.uri.toString(), version: document.version })

  const open = (document) => isOurs(document) && connection.notify('textDocument/didOpen', {
    textDocument: { ...versioned(document), languageId: 'dlm', text: document.getText() },
  })

  const change = ({ document, contentChanges }) => {
    if (!isOurs(document) || contentChanges.length === 0) return
    const parts = contentChanges.map(({ range, text }) => ({ range: convert.span(range), text }))
    connection.notify('textDocument/didChange', {
      textDocument: versioned(document),
      contentChanges: sendsParts ? parts : [{ text: document.getText() }],
    })
  }

  const workspace = vscode.workspace
  workspace.textDocuments.forEach(open)
  return [
    workspace.onDidOpenTextDocument(open),
    workspace.onDidChangeTextDocument(change),
    workspace.onDidSaveTextDocument((document) => isOurs(document)
      && connection.notify('textDocument/didSave', { textDocument: convert.document(document) })),
    workspace.onDidCloseTextDocument((document) => isOurs(document)
      && connection.notify('textDocument/didClose', { textDocument: convert.document(document) })),
  ]
}
