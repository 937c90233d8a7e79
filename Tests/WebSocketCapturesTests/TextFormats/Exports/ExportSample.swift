import Testing

/// Exports of real programs, or in their format: each contains the same conversation with a gap, and those of TShark a
/// second one after it.
struct ExportSample: Sendable, CustomTestStringConvertible {
    /// What the export says about packets.
    enum Detail: Sendable {
        case nothing, numbers
        /// Packets and their times, in nanoseconds after 1700000000 s.
        case times([UInt64])
    }

    let program: String
    var hasAddresses = true
    var detail = Detail.nothing
    let text: String

    var testDescription: String { program }

    static let all = [raw, hex, yaml, headlessRaw, headlessHex, arrays, newerYAML, olderYAML]
}

// What TShark 4.0.17 of Debian 12 printed for one capture, byte for byte. Stream 0 is a short conversation; from stream 1, the
// packet with one frame was removed.
extension ExportSample {
    static let raw = ExportSample(
        program: "tshark -r s.pcap -q -z follow,tcp,raw,0 -z follow,tcp,raw,1",
        text: """

            ===================================================================
            Follow: tcp,raw
            Filter: tcp.stream eq 1
            Node 0: [::1]:36383
            Node 1: [2001:db8::7]:9001
            474554202f20485454502f312e310d0a0d0a
            \t485454502f312e3120313031204f4b0d0a0d0a
            5b3131206279746573206d697373696e6720696e20636170747572652066696c655d00
            818537fa213d7f9f4d5158
            \t82124142434445464748494a4b4c4d4e4f505152
            ===================================================================

            ===================================================================
            Follow: tcp,raw
            Filter: tcp.stream eq 0
            Node 0: 127.0.0.1:36382
            Node 1: 127.0.0.1:8080
            474554202f20485454502f312e310d0a0d0a
            \t485454502f312e3120313031204f4b0d0a0d0a
            818537fa213d7f9f4d5158
            \t810548656c6c6f
            \t8900
            8a8037fa213d
            888237fa213d3412
            \t880203e8
            ===================================================================

            """)

    static let hex = ExportSample(
        program: "tshark -r s.pcap -q -z follow,tcp,hex,0 -z follow,tcp,hex,1",
        text: """

            ===================================================================
            Follow: tcp,hex
            Filter: tcp.stream eq 1
            Node 0: [::1]:36383
            Node 1: [2001:db8::7]:9001
            00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HT TP/1.1..
            00000010  0d 0a                                             ..
            \t00000000  48 54 54 50 2f 31 2e 31  20 31 30 31 20 4f 4b 0d  HTTP/1.1  101 OK.
            \t00000010  0a 0d 0a                                          ...
            00000012  5b 31 31 20 62 79 74 65  73 20 6d 69 73 73 69 6e  [11 byte s missin
            00000022  67 20 69 6e 20 63 61 70  74 75 72 65 20 66 69 6c  g in cap ture fil
            00000032  65 5d 00                                          e].
            00000035  81 85 37 fa 21 3d 7f 9f  4d 51 58                 ..7.!=.. MQX
            \t00000013  82 12 41 42 43 44 45 46  47 48 49 4a 4b 4c 4d 4e  ..ABCDEF GHIJKLMN
            \t00000023  4f 50 51 52                                       OPQR
            ===================================================================

            ===================================================================
            Follow: tcp,hex
            Filter: tcp.stream eq 0
            Node 0: 127.0.0.1:36382
            Node 1: 127.0.0.1:8080
            00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HT TP/1.1..
            00000010  0d 0a                                             ..
            \t00000000  48 54 54 50 2f 31 2e 31  20 31 30 31 20 4f 4b 0d  HTTP/1.1  101 OK.
            \t00000010  0a 0d 0a                                          ...
            00000012  81 85 37 fa 21 3d 7f 9f  4d 51 58                 ..7.!=.. MQX
            \t00000013  81 05 48 65 6c 6c 6f                              ..Hello
            \t0000001A  89 00                                             ..
            0000001D  8a 80 37 fa 21 3d                                 ..7.!=
            00000023  88 82 37 fa 21 3d 34 12                           ..7.!=4.
            \t0000001C  88 02 03 e8                                       ....
            ===================================================================

            """)

    static let yaml = ExportSample(
        program: "tshark -r s.pcap -q -z follow,tcp,yaml,0 -z follow,tcp,yaml,1",
        detail: .times([149_456_024, 151_456_118, 155_456_066, 157_455_921]),
        text: """
            peers:
              - peer: 0
                host: ::1
                port: 36383
              - peer: 1
                host: 2001:db8::7
                port: 9001
            packets:
              - packet: 26
                peer: 0
                timestamp: 1700000000.149456024
                data: !!binary |
                  R0VUIC8gSFRUUC8xLjENCg0K
              - packet: 28
                peer: 1
                timestamp: 1700000000.151456118
                data: !!binary |
                  SFRUUC8xLjEgMTAxIE9LDQoNCg==
              - packet: 32
                peer: 0
                timestamp: 0.000000000
                data: !!binary |
                  WzExIGJ5dGVzIG1pc3NpbmcgaW4gY2FwdHVyZSBmaWxlXQA=
              - packet: 31
                peer: 0
                timestamp: 1700000000.155456066
                data: !!binary |
                  gYU3+iE9f59NUVg=
              - packet: 33
                peer: 1
                timestamp: 1700000000.157455921
                data: !!binary |
                  ghJBQkNERUZHSElKS0xNTk9QUVI=
            peers:
              - peer: 0
                host: 127.0.0.1
                port: 36382
              - peer: 1
                host: 127.0.0.1
                port: 8080
            packets:
              - packet: 4
                peer: 0
                timestamp: 1700000000.127455950
                data: !!binary |
                  R0VUIC8gSFRUUC8xLjENCg0K
              - packet: 6
                peer: 1
                timestamp: 1700000000.129456043
                data: !!binary |
                  SFRUUC8xLjEgMTAxIE9LDQoNCg==
              - packet: 8
                peer: 0
                timestamp: 1700000000.131455898
                data: !!binary |
                  gYU3+iE9f59NUVg=
              - packet: 10
                peer: 1
                timestamp: 1700000000.133455992
                data: !!binary |
                  gQVIZWxsbw==
              - packet: 12
                peer: 1
                timestamp: 1700000000.135456085
                data: !!binary |
                  iQA=
              - packet: 14
                peer: 0
                timestamp: 1700000000.137455940
                data: !!binary |
                  ioA3+iE9
              - packet: 16
                peer: 0
                timestamp: 1700000000.139456034
                data: !!binary |
                  iII3+iE9NBI=
              - packet: 18
                peer: 1
                timestamp: 1700000000.141455889
                data: !!binary |
                  iAID6A==

            """)

    static let characters = ExportSample(
        program: "tshark -r s.pcap -q -z follow,tcp,ascii,0",
        text: """

            ===================================================================
            Follow: tcp,ascii
            Filter: tcp.stream eq 0
            Node 0: 127.0.0.1:36382
            Node 1: 127.0.0.1:8080
            18
            GET / HTTP/1.1


            \t19
            HTTP/1.1 101 OK


            11
            ..7.!=..MQX
            \t7
            ..Hello
            \t2
            ..
            6
            ..7.!=
            8
            ..7.!=4.
            \t4
            ....
            ===================================================================

            """)
}
