/// The reason why an input cannot be judged to its end: one line for the user.
struct InputFault: Error {
    let message: String
}
