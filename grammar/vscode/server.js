// The process `dlm lsp`: started, asked to end, started again when it falls over.
'use strict'

const { spawn } = require('node:child_process')
const { Connection } = require('./rpc')

/** More falls than this within `period` milliseconds, and a person must look. */
const limit = { falls: 4, period: 3 * 60 * 1000 }

class Server {
  /**
   * `options()` gives `{ command, args, cwd }` anew for each start; `ready(connection, result)` is
   * called when the server has said what it can, `gone()` when it has ended; `say` tells the person.
   */
  constructor({ options, initialize, handle, ready, gone, say, log, launch = spawn, now = Date.now }) {
    Object.assign(this, { options, initialize, handle, ready, gone, say, log, launch, now })
    this.falls = []
    this.process = null
    this.connection = null
  }

  async start() {
    if (this.process) return
    const { command, args, cwd, trace } = this.options()
    const child = this.launch(command, args, { cwd, stdio: 'pipe' })
    this.process = child
    child.on('error', (error) => this.ended(child, error))
    child.on('exit', (code, signal) => this.ended(child, null, signal ?? code))
    child.stderr.on('data', (text) => this.log(String(text)))
    const connection = new Connection(child.stdout, child.stdin, {
      handle: this.handle,
      trace: (way, message) => trace && this.log(`${way} ${JSON.stringify(message)}\n`),
      failed: (error) => { this.log(`${error.message}\n`); child.kill() },
    })
    this.connection = connection
    try {
      const result = await connection.request('initialize', this.initialize())
      connection.notify('initialized', {})
      this.ready(connection, result)
    } catch (error) {
      this.log(`initialize: ${error.message}\n`)
      if (this.process === child) child.kill()
    }
  }

  /** The process has ended without being asked. */
  ended(child, error, status) {
    if (this.process !== child) return
    this.forget()
    if (error?.code === 'ENOENT') {
      this.say(`dlm: cannot find the program \`${this.options().command}\`; set "dlm.path" to it`)
      return
    }
    this.log(`the language server ended (${error?.message ?? status})\n`)
    const time = this.now()
    this.falls = [...this.falls.filter((fall) => time - fall < limit.period), time]
    if (this.falls.length > limit.falls) {
      this.say('dlm: the language server fell over again and again; see its output, then restart it')
      return
    }
    this.start()
  }

  forget() {
    this.connection?.close()
    this.process = null
    this.connection = null
    this.gone()
  }

  /** Asks the server to end, and ends it if it does not within `patience` milliseconds. */
  async stop(patience = 2000) {
    const { process: child, connection } = this
    if (!child) return
    const exited = new Promise((resolve) => child.once('exit', resolve))
    const late = new Promise((resolve) => { this.timer = setTimeout(resolve, patience, 'late') })
    this.process = null
    try {
      await Promise.race([connection.request('shutdown'), late])
      connection.notify('exit')
    } catch { /* It has ended already: that is what was asked. */ }
    if (await Promise.race([exited, late]) === 'late') child.kill('SIGKILL')
    clearTimeout(this.timer)
    connection.close()
    this.connection = null
    this.gone()
  }

  async restart() {
    this.falls = []
    await this.stop()
    await this.start()
  }
}

module.exports = { Server }
