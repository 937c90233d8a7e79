/// The connections that are remembered, each in a slot, found by the addresses of its ends.
///
/// Every slot in use is in one of three rows, by its ``Status``, the one that was quiet the longest last; the one
/// that has to make room is therefore found at once.
struct ConnectionTable: Sendable {
    /// What is done with a connection. The first ones here make room first.
    enum Status: Int, Sendable {
        /// It has ended. It is remembered so that stray segments of it do not open another one.
        case ended
        /// Nobody needs its events.
        case forgotten
        /// It is open.
        case open
    }

    struct Connection: Sendable {
        /// The addresses of its ends.
        let pair: AddressPair
        /// Its index in the capture.
        let index: Int
        /// Whether ``TCPPeer/first`` is the upper end of the pair.
        let firstIsUpper: Bool
        fileprivate(set) var status = Status.open
        /// Whether it ended by a RST: any SYN then begins another one.
        fileprivate(set) var wasReset = false
        /// The side whose RST ended it at its next expected byte, as long as it may turn out to be forged.
        var resetter: TCPPeer?
        /// The number of segments that this side has sent after its RST.
        var segmentsAfterReset = 0
        /// Its last packet.
        fileprivate(set) var latest: PacketPosition
        fileprivate var newer: Int32 = -1
        fileprivate var older: Int32 = -1

        init(pair: AddressPair, index: Int, firstIsUpper: Bool, latest: PacketPosition) {
            self.pair = pair
            self.index = index
            self.firstIsUpper = firstIsUpper
            self.latest = latest
        }
    }

    private struct Row: Sendable {
        var newest: Int32 = -1
        var oldest: Int32 = -1
    }

    private var connections: [Connection] = []
    private var free: [Int32] = []
    private var slots: [AddressPair: Int32] = [:]
    private var openSlots: [Int: Int32] = [:]
    private var rows = [Row(), Row(), Row()]

    /// The number of connections that are remembered.
    var count: Int { slots.count }

    /// The slots of all open connections, in the order of their indices.
    var inOrder: [Int] { openSlots.sorted { $0.key < $1.key }.map { Int($0.value) } }

    /// Returns the slot of the connection between two ends.
    func slot(of pair: AddressPair) -> Int? {
        // Packets come in bursts: often it is the connection of the packet before.
        let newest = Int(rows[Status.open.rawValue].newest)
        if newest >= 0, connections[newest].pair == pair { return newest }
        return slots[pair].map { Int($0) }
    }

    /// Returns the slot of an open connection.
    func slot(ofOpen index: Int) -> Int? { openSlots[index].map { Int($0) } }

    /// The slot of the connection that makes room for another one.
    var slotOfQuietest: Int? { rows.lazy.map(\.oldest).first { $0 >= 0 }.map { Int($0) } }

    /// The connection of a slot.
    subscript(slot: Int) -> Connection {
        get { connections[slot] }
        set { connections[slot] = newValue }
    }

    /// Returns what is done with the connection of a slot.
    func status(_ slot: Int) -> Status { connections[slot].status }

    /// Returns which side of the connection of a slot the sender of a segment is.
    func side(_ slot: Int, senderIsUpper: Bool) -> TCPPeer {
        connections[slot].firstIsUpper == senderIsUpper ? .first : .second
    }

    // MARK: Changes

    /// Assigns a slot to an open connection.
    mutating func insert(_ connection: Connection) -> Int {
        let slot: Int32
        if let last = free.popLast() {
            slot = last
            connections[Int(slot)] = connection
        } else {
            slot = Int32(connections.count)
            connections.append(connection)
        }
        slots[connection.pair] = slot
        openSlots[connection.index] = slot
        link(slot)
        return Int(slot)
    }

    /// Frees a slot.
    mutating func remove(_ slot: Int) {
        let short = Int32(slot)
        unlink(short)
        slots[connections[slot].pair] = nil
        openSlots[connections[slot].index] = nil
        free.append(short)
    }

    /// Notes a packet of the connection of a slot, which is then the most recent one of its row.
    mutating func touch(_ slot: Int, at packetPosition: PacketPosition) {
        connections[slot].latest = packetPosition
        let short = Int32(slot)
        guard rows[connections[slot].status.rawValue].newest != short else { return }
        unlink(short)
        link(short)
    }

    /// Notes that an open connection is no longer needed, or that a connection has ended.
    mutating func move(_ slot: Int, to status: Status, wasReset: Bool = false) {
        let short = Int32(slot)
        unlink(short)
        connections[slot].status = status
        connections[slot].wasReset = wasReset
        link(short)
        openSlots[connections[slot].index] = nil
    }

    // MARK: Rows

    private mutating func link(_ slot: Int32) {
        let row = connections[Int(slot)].status.rawValue
        let newest = rows[row].newest
        connections[Int(slot)].newer = -1
        connections[Int(slot)].older = newest
        if newest >= 0 { connections[Int(newest)].newer = slot } else { rows[row].oldest = slot }
        rows[row].newest = slot
    }

    private mutating func unlink(_ slot: Int32) {
        let row = connections[Int(slot)].status.rawValue
        let newer = connections[Int(slot)].newer
        let older = connections[Int(slot)].older
        if newer >= 0 { connections[Int(newer)].older = older } else { rows[row].newest = older }
        if older >= 0 { connections[Int(older)].newer = newer } else { rows[row].oldest = newer }
    }
}
