// The fence around the system's threads: with the others in this folder the only files of the command line in which
// `unsafe` stands. What goes out of it is Swift: a closure that runs beside the others, and a value that one thread at
// a time can see. Each call gets a pointer that lives as long as the call, or as long as the object that owns it.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A value that several threads use, one at a time, and whose changes they can wait for.
///
/// Safe to use from everywhere: the value is reached while the lock is held, and in no other way. That is what @safe
/// and @unchecked say.
@safe final class Monitor<Value: Sendable>: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let change: UnsafeMutablePointer<pthread_cond_t>
    private var value: Value

    init(_ value: Value) {
        self.value = value
        unsafe lock = .allocate(capacity: 1)
        unsafe change = .allocate(capacity: 1)
        // Both have the usual attributes, and stay where they are until nobody holds the monitor.
        unsafe pthread_mutex_init(lock, nil)
        unsafe pthread_cond_init(change, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(change)
        unsafe pthread_mutex_destroy(lock)
        unsafe change.deallocate()
        unsafe lock.deallocate()
    }

    /// Waits until the value is as wanted, then reads and changes it, and wakes all waiting threads.
    ///
    /// - Parameter isReady: nil only waits for other threads that use the value now.
    func use<Result>(when isReady: ((Value) -> Bool)? = nil, _ body: (inout Value) -> Result) -> Result {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        // Waiting opens the lock, and takes it again before it returns.
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
    /// As the first thread has on most systems; the least that a system gives to others is too little for anything
    /// deep.
    private static let stackSize = 8 << 20

    /// How many threads can run at once.
    static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Runs `body` in a thread of its own, which nobody waits for.
    ///
    /// - Returns: false if the system has none to give.
    static func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        // `attributes` is a whole structure, written by the calls; the thread has copied it when it is destroyed.
        guard unsafe pthread_attr_init(&attributes) == 0 else { return false }
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // The new thread takes over the reference; if there is none, it is given back here.
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
