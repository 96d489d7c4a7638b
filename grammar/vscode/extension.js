// The extension: a server for the window, the features it offers, and commands that run programs.
// It needs no package: the protocol is spoken here.
'use strict'

const path = require('node:path')
const vscode = require('vscode')
const convert = require('./convert')(vscode)
const documents = require('./documents')
const features = require('./features')
const { Server } = require('./server')

/** Where the server's own text is shown: declarations of the prelude, read only. */
const preludeScheme = 'dlm-prelude'

const setting = (name) => vscode.workspace.getConfiguration('dlm').get(name)

/** What the editor can do, for the server to know. */
const clientCapabilities = {
  general: { positionEncodings: ['utf-16'], staleRequestSupport: { cancel: true, retryOnContentModified: [] } },
  window: { showDocument: { support: false }, workDoneProgress: false },
  workspace: {
    applyEdit: true, configuration: true, workspaceFolders: true,
    workspaceEdit: { documentChanges: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: false },
    codeLens: { refreshSupport: true }, inlayHint: { refreshSupport: true },
    semanticTokens: { refreshSupport: true },
    // Declarations of the prelude are shown without a file.
    textDocumentContent: {},
  },
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: {
      relatedInformation: true, versionSupport: true, codeDescriptionSupport: true,
      tagSupport: { valueSet: [1, 2] }, dataSupport: true,
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    completion: {
      completionItem: {
        snippetSupport: true, labelDetailsSupport: true, insertReplaceSupport: true,
        documentationFormat: ['markdown', 'plaintext'],
      },
    },
    signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } },
    definition: { linkSupport: true },
    rename: { prepareSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } },
      isPreferredSupport: true, dataSupport: true,
    },
    inlayHint: { resolveSupport: { properties: ['tooltip'] } },
    semanticTokens: {
      requests: { full: true }, formats: ['relative'],
      tokenTypes: [
        'namespace', 'type', 'class', 'enum', 'interface', 'struct', 'typeParameter', 'parameter',
        'variable', 'property', 'enumMember', 'event', 'function', 'method', 'macro', 'keyword',
        'modifier', 'comment', 'string', 'number', 'regexp', 'operator', 'decorator',
      ],
      tokenModifiers: [
        'declaration', 'definition', 'readonly', 'static', 'deprecated', 'abstract', 'async',
        'modification', 'documentation', 'defaultLibrary',
      ],
    },
  },
}

class Extension {
  constructor(context) {
    this.session = []
    this.output = vscode.window.createOutputChannel('dlm')
    this.problems = vscode.languages.createDiagnosticCollection('dlm')
    this.changed = {
      lenses: new vscode.EventEmitter(), hints: new vscode.EventEmitter(),
      tokens: new vscode.EventEmitter(),
    }
    this.server = new Server({
      options: () => ({
        command: setting('path'), args: ['lsp', ...setting('arguments') ?? []],
        cwd: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath, trace: setting('trace'),
      }),
      initialize: () => this.initialize(),
      handle: (method, params) => this.handle(method, params),
      ready: (connection, result) => this.ready(connection, result),
      gone: () => this.gone(),
      say: (message) => vscode.window.showErrorMessage(message, 'Show Output')
        .then((choice) => choice && this.output.show()),
      log: (text) => this.output.append(text),
    })
    const command = (name, run) => vscode.commands.registerCommand(`dlm.${name}`, run)
    context.subscriptions.push(
      this.output, this.problems, ...Object.values(this.changed),
      ...['run', 'check', 'test', 'cost'].map((name) =>
        command(name, (uri) => this.runProgram(name, uri))),
      command('restart', () => this.server.restart()),
      command('output', () => this.output.show()),
      vscode.workspace.registerTextDocumentContentProvider(preludeScheme, {
        provideTextDocumentContent: (uri) => this.prelude(uri),
      }),
      vscode.workspace.onDidChangeConfiguration((event) =>
        event.affectsConfiguration('dlm') && this.server.restart()))
  }

  initialize() {
    const folders = vscode.workspace.workspaceFolders ?? []
    const named = folders.map(({ uri, name }) => ({ uri: uri.toString(), name }))
    return {
      processId: process.pid,
      clientInfo: { name: 'vscode', version: vscode.version },
      rootUri: named[0]?.uri ?? null,
      workspaceFolders: named.length ? named : null,
      capabilities: clientCapabilities,
    }
  }

  ready(connection, { capabilities }) {
    this.session = [
      ...documents(vscode, convert, connection, capabilities.textDocumentSync),
      ...features(vscode, convert, connection, capabilities, this.changed),
      ...(capabilities.executeCommandProvider?.commands ?? [])
        .filter((name) => !/^dlm\.(run|check|test|cost|restart|output)$/.test(name))
        .map((name) => vscode.commands.registerCommand(name, (...args) =>
          connection.request('workspace/executeCommand', { command: name, arguments: args }))),
    ]
  }

  gone() {
    this.session.forEach((it) => it?.dispose?.())
    this.session = []
    this.problems.clear()
  }

  /** Answers what the server asks or tells. */
  handle(method, params) {
    switch (method) {
      case 'textDocument/publishDiagnostics': return this.publish(params)
      case 'window/logMessage': return this.output.appendLine(params.message)
      case 'window/showMessage':
      case 'window/showMessageRequest': return this.show(params)
      case 'workspace/applyEdit':
        return vscode.workspace.applyEdit(convert.workspaceEdit(params.edit))
          .then((applied) => ({ applied }))
      case 'workspace/configuration':
        return params.items.map(({ section }) =>
          vscode.workspace.getConfiguration().get(section) ?? null)
      case 'workspace/workspaceFolders': return this.initialize().workspaceFolders
      case 'workspace/codeLens/refresh': return this.changed.lenses.fire()
      case 'workspace/inlayHint/refresh': return this.changed.hints.fire()
      case 'workspace/semanticTokens/refresh': return this.changed.tokens.fire()
      case 'client/registerCapability': return params.registrations.forEach((it) => this.watch(it))
      case 'client/unregisterCapability': return null
      default:
        if (method.startsWith('$/') || method.startsWith('telemetry/')) return null
        throw Object.assign(new Error(`unknown method ${method}`), { code: -32601 })
    }
  }

  /** Shows what is wrong with a program, unless the program has changed since. */
  publish({ uri, version, diagnostics }) {
    const document = vscode.workspace.textDocuments.find((it) => it.uri.toString() === uri)
    if (document && version !== undefined && version !== null && version < document.version) return
    this.problems.set(convert.uri(uri), convert.diagnostics(diagnostics))
  }

  show({ type, message, actions }) {
    const window = vscode.window
    const tell = { 1: window.showErrorMessage, 2: window.showWarningMessage }[type]
      ?? window.showInformationMessage
    return tell.call(window, message, ...(actions ?? []))
  }

  /** Tells the server when data or weights change that its programs name. */
  watch({ method, registerOptions }) {
    if (method !== 'workspace/didChangeWatchedFiles') return
    const tell = (type) => (uri) => this.server.connection?.notify(
      'workspace/didChangeWatchedFiles', { changes: [{ uri: uri.toString(), type }] })
    for (const { globPattern } of registerOptions.watchers) {
      if (typeof globPattern !== 'string') continue
      const watcher = vscode.workspace.createFileSystemWatcher(globPattern)
      watcher.onDidCreate(tell(1))
      watcher.onDidChange(tell(2))
      watcher.onDidDelete(tell(3))
      this.session.push(watcher)
    }
  }

  async prelude(uri) {
    const answer = await this.server.connection?.request(
      'workspace/textDocumentContent', { uri: uri.toString() })
    return answer?.text ?? ''
  }

  /** `dlm run FILE` and its like as a task: its text stays to be read, its errors are listed. */
  async runProgram(command, place) {
    const editor = vscode.window.activeTextEditor
    const uri = typeof place === 'string' ? convert.uri(place) : place ?? editor?.document.uri
    if (!uri || uri.scheme !== 'file') {
      return vscode.window.showWarningMessage('dlm: save the program first')
    }
    const document = vscode.workspace.textDocuments.find(
      (it) => it.uri.toString() === uri.toString())
    if (document?.isDirty && !await document.save()) return undefined
    const { fsPath } = uri
    const args = [command, ...command === 'check' ? ['--format', 'short'] : [], fsPath]
    const task = new vscode.Task(
      { type: 'dlm', command, file: fsPath }, vscode.TaskScope.Workspace,
      `${command} ${path.basename(fsPath)}`, 'dlm',
      new vscode.ProcessExecution(setting('path'), args, { cwd: path.dirname(fsPath) }),
      command === 'check' ? ['$dlm'] : [])
    return vscode.tasks.executeTask(task)
  }
}

let extension

module.exports = {
  activate(context) {
    extension = new Extension(context)
    return extension.server.start().then(() => extension)
  },
  deactivate() { return extension?.server.stop() },
}
