#if !hasFeature(Embedded)
    extension Connection.Event: CustomStringConvertible {
        /// What has arrived, as one sentence for a log.
        public var description: String {
            switch self {
            case .data(let slice): slice.description
            case .ping(let frame), .pong(let frame), .close(let frame): frame.description
            case .violation(let violation): violation.description
            case .exceeded(let kind): "\(kind.name): close with 1008"
            }
        }
    }
#endif
