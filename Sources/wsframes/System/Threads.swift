// The fence around the system's threads: with the others in this folder the only file of the command line that
// contains `unsafe`. Its interface is Swift: a closure that runs concurrently, and a value that one thread at a time
// can see. Each call gets a pointer that lives as long as the call, or as long as the object that owns it.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A value that several threads use, one at a time, and whose changes they can wait for.
///
/// Safe to use from anywhere: the value is only accessed while the lock is held. That justifies @safe and @unchecked.
@safe final class Monitor<Value: Sendable>: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let change: UnsafeMutablePointer<pthread_cond_t>
    private var value: Value

    init(_ value: Value) {
        self.value = value
        unsafe lock = .allocate(capacity: 1)
        unsafe change = .allocate(capacity: 1)
        // Both have the default attributes, and stay in place until the last reference to the monitor is gone.
        unsafe pthread_mutex_init(lock, nil)
        unsafe pthread_cond_init(change, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(change)
        unsafe pthread_mutex_destroy(lock)
        unsafe change.deallocate()
        unsafe lock.deallocate()
    }

    /// Waits until the value is as required, then reads and changes it, and wakes all waiting threads.
    ///
    /// - Parameter isReady: whether the value is as required; nil only waits for other threads that are using the
    ///   value.
    func use<Result>(when isReady: ((Value) -> Bool)? = nil, _ body: (inout Value) -> Result) -> Result {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        // Waiting releases the lock, and acquires it again before it returns.
        while let isReady, !isReady(value) { unsafe pthread_cond_wait(change, lock) }
        defer { unsafe pthread_cond_broadcast(change) }
        return body(&value)
    }
}

/// A closure on its way to a new thread.
private final class ThreadBody {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

extension System {
    /// The size that the first thread has on most systems; the smallest that a system gives to others is too little
    /// for deep calls.
    private static let stackSize = 8 << 20

    /// The number of threads that can run at once.
    static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Runs `body` in a thread of its own, which nobody waits for.
    ///
    /// - Returns: false if the system has none available.
    static func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        // `attributes` is a whole structure, written by the calls; the thread has copied it by the time it is
        // destroyed.
        guard unsafe pthread_attr_init(&attributes) == 0 else { return false }
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // The new thread takes over the reference; if there is none, it is released here.
        let handedOver = unsafe Unmanaged.passRetained(ThreadBody(body))
        #if canImport(Darwin)
            var thread: pthread_t?
            let result = unsafe pthread_create(
                &thread, &attributes,
                { argument in
                    unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, handedOver.toOpaque())
        #else
            var thread = pthread_t()
            let result = unsafe pthread_create(
                &thread, &attributes,
                { argument in
                    if let argument = unsafe argument {
                        unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
                    }
                    return nil
                }, handedOver.toOpaque())
        #endif
        if result != 0 { unsafe handedOver.release() }
        return result == 0
    }
}
