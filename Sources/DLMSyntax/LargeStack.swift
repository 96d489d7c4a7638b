#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs `body` on a thread with room for deep recursion, and waits for it; on such a thread, right there.
///
/// Reading and walking recurse with the nesting of a program, which is bounded; worker threads of a
/// runtime may have less room than that bound needs. Where no thread can be had, `body` runs here.
package func withLargeStack<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  if pthread_getspecific(largeStackKey) != nil { return try body() }
  var outcome: Swift.Result<Result, Failure>?
  // The closure lives until the thread has been joined.
  withoutActuallyEscaping({
    do throws(Failure) { outcome = .success(try body()) } catch { outcome = .failure(error) }
  }) { escaping in
    let context = Unmanaged.passRetained(StackWork(escaping)).toOpaque()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 256 << 20)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { context in
        if let context {
          pthread_setspecific(largeStackKey, context)
          Unmanaged<StackWork>.fromOpaque(context).takeRetainedValue().run()
        }
        return nil
      }, context)
    pthread_attr_destroy(&attributes)
    if status == 0 {
      pthread_join(thread, nil)
    } else {
      Unmanaged<StackWork>.fromOpaque(context).takeRetainedValue().run()
    }
  }
  guard let outcome else { preconditionFailure("the thread has run before it was joined") }
  return try outcome.get()
}

/// Set on threads that have a large stack.
private let largeStackKey: pthread_key_t = {
  var key = pthread_key_t()
  pthread_key_create(&key, nil)
  return key
}()

/// What a thread runs; a class, to be passed through C.
private final class StackWork {
  let run: () -> Void

  init(_ run: @escaping () -> Void) { self.run = run }
}
