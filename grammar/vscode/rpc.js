// JSON-RPC over the pipes of a process, as the language server protocol frames it.
'use strict'

/** What a request ends with when the other side refuses it. */
class ResponseError extends Error {
  constructor({ code, message, data }) {
    super(message)
    Object.assign(this, { code, data })
  }
}

/** Codes of the protocol that are no failure: the answer is no longer wanted or no longer true. */
const unwanted = new Set([-32800, -32801, -32802])

/** Cuts a stream of bytes into messages. */
class Reader {
  constructor(onMessage) {
    this.onMessage = onMessage
    this.bytes = Buffer.alloc(0)
  }

  push(chunk) {
    this.bytes = Buffer.concat([this.bytes, chunk])
    for (;;) {
      const end = this.bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      const header = this.bytes.toString('latin1', 0, end)
      const length = /^content-length:[ \t]*(\d+)[ \t]*$/im.exec(header)
      if (!length) throw new Error(`no length in the header ${JSON.stringify(header)}`)
      const [from, to] = [end + 4, end + 4 + Number(length[1])]
      if (this.bytes.length < to) return
      const message = JSON.parse(this.bytes.toString('utf8', from, to))
      this.bytes = this.bytes.subarray(to)
      this.onMessage(message)
    }
  }
}

const frame = (message) => {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }), 'utf8')
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`, 'latin1'), body])
}

/** Both directions of a connection. `handle(method, params)` answers what the other side asks. */
class Connection {
  constructor(input, output, { handle, trace = () => {}, failed = () => {} }) {
    Object.assign(this, { output, handle, trace, failed })
    this.pending = new Map()
    this.nextID = 1
    this.isOpen = true
    const reader = new Reader((message) => this.receive(message))
    input.on('data', (chunk) => {
      try { reader.push(chunk) } catch (error) { this.close(error); this.failed(error) }
    })
    output.on('error', (error) => this.close(error))
  }

  send(message) {
    if (!this.isOpen) return
    this.trace('>', message)
    this.output.write(frame(message))
  }

  notify(method, params) { this.send({ method, params }) }

  /** Asks; `token` of the editor cancels. An answer that is no longer wanted is `null`. */
  request(method, params, token) {
    if (!this.isOpen) return Promise.reject(new Error('the language server is not running'))
    const id = this.nextID++
    return new Promise((resolve, reject) => {
      const listener = token?.onCancellationRequested?.(() => this.notify('$/cancelRequest', { id }))
      const settle = (done) => (value) => { listener?.dispose?.(); done(value) }
      this.pending.set(id, { resolve: settle(resolve), reject: settle(reject) })
      this.send({ id, method, params })
    })
  }

  receive(message) {
    this.trace('<', message)
    if (message.method === undefined) return this.settle(message)
    if (message.id === undefined) return this.told(message)
    Promise.resolve()
      .then(() => this.handle(message.method, message.params))
      .then(
        (result) => this.send({ id: message.id, result: result ?? null }),
        (error) => this.send({
          id: message.id,
          error: { code: error.code ?? -32603, message: String(error.message ?? error) },
        }))
  }

  /** A notification; what goes wrong with one is nobody's answer. */
  told({ method, params }) {
    try { this.handle(method, params) } catch (error) { this.trace('!', String(error)) }
  }

  settle({ id, result, error }) {
    const waiting = this.pending.get(id)
    if (!waiting) return
    this.pending.delete(id)
    if (!error) waiting.resolve(result)
    else if (unwanted.has(error.code)) waiting.resolve(null)
    else waiting.reject(new ResponseError(error))
  }

  close(error = new Error('the language server has ended')) {
    if (!this.isOpen) return
    this.isOpen = false
    for (const { reject } of this.pending.values()) reject(error)
    this.pending.clear()
  }
}

module.exports = { Connection, Reader, ResponseError, frame }
