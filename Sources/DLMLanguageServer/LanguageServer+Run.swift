import DLMSyntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension LanguageServer {
  /// Serves the client at the other end of two descriptors until it says that it is done, or has gone.
  ///
  /// - Returns: what the process is to end with: 0 after a `shutdown`, else 1.
  package static func serve(
    host: any ServerHost, input: Int32 = 0, output: Int32 = 1,
    log: @escaping @Sendable (String) -> Void
  ) -> Int32 {
    // A client that has gone is told by the failing write, not by a signal.
    signal(SIGPIPE, SIG_IGN)
    let inbox = Inbox()
    startReading(input, into: inbox, log)
    return withLargeStack {
      var hasClient = true
      let writer = MessageWriter(descriptor: output)
      let server = LanguageServer(host: host) { message in
        if hasClient { hasClient = writer.write(message) }
      }
      server.isOutdated = { inbox.hasChange(of: $0) || inbox.isCurrentCancelled }
      while hasClient, server.exitStatus == nil {
        let wait: Inbox.Wait =
          server.hasWork ? .none : server.looksAtFiles ? .seconds(Self.interval) : .forever
        switch inbox.next(wait) {
        case .nothing: if server.hasWork { server.work() } else { server.lookAtFiles() }
        case .closed: return 1
        case .message(let message): server.receive(message, from: inbox)
        }
      }
      return server.exitStatus ?? 1
    }
  }

  /// Seconds between two looks at files, where the client does not tell of them.
  private static let interval = 2

  private func receive(_ message: Incoming, from inbox: Inbox) {
    guard case .request(let id, _, _) = message else { return receive(message) }
    if inbox.isCancelled(id, ends: true) {
      cancel(id)
    } else {
      receive(message)
      _ = inbox.isCancelled(id, ends: true)
    }
  }

  /// Reads messages on a thread of its own, so that they are known while others are answered.
  private static func startReading(
    _ input: Int32, into inbox: Inbox, _ log: @escaping @Sendable (String) -> Void
  ) {
    let reading = Reading {
      var reader = MessageReader(input)
      do throws(MessageReader.Failure) {
        while true { inbox.put(Incoming(parsing: try reader.next())) }
      } catch {
        if case .badHeader(let reason) = error {
          // Where the next message begins cannot be known.
          log("dlm lsp: \(reason)\n")
        }
        inbox.close()
      }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(reading).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Reading>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context)
    precondition(status == 0, "a thread for reading can be had")
    pthread_detach(thread)
  }
}

/// What a thread runs; a class, to be passed through C.
private final class Reading {
  let run: () -> Void

  init(_ run: @escaping () -> Void) { self.run = run }
}
