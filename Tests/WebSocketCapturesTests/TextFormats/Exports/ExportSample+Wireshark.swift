// The same in the forms of Wireshark's Follow Stream window, modelled on its source code, and as rows alone.
extension ExportSample {
    static let headlessRaw = ExportSample(
        program: "rows of follow,tcp,raw",
        hasAddresses: false,
        text: """
            474554202f20485454502f312e310d0a0d0a
            \t485454502f312e3120313031204f4b0d0a0d0a
            5b3131206279746573206d697373696e6720696e20636170747572652066696c655d00
            818537fa213d7f9f4d5158
            \t82124142434445464748494a4b4c4d4e4f505152

            """)

    static let headlessHex = ExportSample(
        program: "Wireshark, Follow TCP Stream, Hex Dump",
        hasAddresses: false,
        text: """
            00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HT TP/1.1..
            00000010  0d 0a                                             ..
                00000000  48 54 54 50 2f 31 2e 31  20 31 30 31 20 4f 4b 0d  HTTP/1.1  101 OK.
                00000010  0a 0d 0a                                          ...
            00000012  5b 31 31 20 62 79 74 65  73 20 6d 69 73 73 69 6e  [11 byte s missin
            00000022  67 20 69 6e 20 63 61 70  74 75 72 65 20 66 69 6c  g in cap ture fil
            00000032  65 5d 00                                          e].
            00000035  81 85 37 fa 21 3d 7f 9f  4d 51 58                 ..7.!=.. MQX
                00000013  82 12 41 42 43 44 45 46  47 48 49 4a 4b 4c 4d 4e  ..ABCDEF GHIJKLMN
                00000023  4f 50 51 52                                       OPQR

            """)

    static let arrays = ExportSample(
        program: "Wireshark, Follow TCP Stream, C Arrays",
        hasAddresses: false, detail: .numbers,
        text: """
            char peer0_0[] = { /* Packet 26 */
            0x47, 0x45, 0x54, 0x20, 0x2f, 0x20, 0x48, 0x54,\u{20}
            0x54, 0x50, 0x2f, 0x31, 0x2e, 0x31, 0x0d, 0x0a,\u{20}
            0x0d, 0x0a };
            char peer1_0[] = { /* Packet 28 */
            0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e, 0x31,\u{20}
            0x20, 0x31, 0x30, 0x31, 0x20, 0x4f, 0x4b, 0x0d,\u{20}
            0x0a, 0x0d, 0x0a };
            char peer0_1[] = { /* Packet 32 */
            0x5b, 0x31, 0x31, 0x20, 0x62, 0x79, 0x74, 0x65,\u{20}
            0x73, 0x20, 0x6d, 0x69, 0x73, 0x73, 0x69, 0x6e,\u{20}
            0x67, 0x20, 0x69, 0x6e, 0x20, 0x63, 0x61, 0x70,\u{20}
            0x74, 0x75, 0x72, 0x65, 0x20, 0x66, 0x69, 0x6c,\u{20}
            0x65, 0x5d, 0x00 };
            char peer0_2[] = { /* Packet 31 */
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f,\u{20}
            0x4d, 0x51, 0x58 };
            char peer1_1[] = { /* Packet 33 */
            0x82, 0x12, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46,\u{20}
            0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e,\u{20}
            0x4f, 0x50, 0x51, 0x52 };

            """)

    static let newerYAML = ExportSample(
        program: "Wireshark 4, Follow TCP Stream, YAML",
        detail: .times([149_456_000, 151_456_000, 155_456_000, 157_456_000]),
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
                index: 0
                timestamp: 1700000000.149456000
                data: !!binary |
                  R0VUIC8gSFRUUC8xLjENCg0K
              - packet: 28
                peer: 1
                index: 0
                timestamp: 1700000000.151456000
                data: !!binary |
                  SFRUUC8xLjEgMTAxIE9LDQoNCg==
              - packet: 32
                peer: 0
                index: 1
                timestamp: 0.000000000
                data: !!binary |
                  WzExIGJ5dGVzIG1pc3NpbmcgaW4gY2FwdHVyZSBmaWxlXQA=
              - packet: 31
                peer: 0
                index: 2
                timestamp: 1700000000.155456000
                data: !!binary |
                  gYU3+iE9f59NUVg=
              - packet: 33
                peer: 1
                index: 1
                timestamp: 1700000000.157456000
                data: !!binary |
                  ghJBQkNERUZHSElKS0xNTk9QUVI=

            """)

    static let olderYAML = ExportSample(
        program: "Wireshark 2, Follow TCP Stream, YAML",
        hasAddresses: false, detail: .numbers,
        text: """
            # Packet 26
            peer0_0: !!binary |
              R0VUIC8gSFRUUC8xLjENCg0K
            # Packet 28
            peer1_0: !!binary |
              SFRUUC8xLjEgMTAxIE9LDQoNCg==
            # Packet 32
            peer0_1: !!binary |
              WzExIGJ5dGVzIG1pc3NpbmcgaW4gY2FwdHVyZSBmaWxlXQA=
            # Packet 31
            peer0_2: !!binary |
              gYU3+iE9f59NUVg=
            # Packet 33
            peer1_1: !!binary |
              ghJBQkNERUZHSElKS0xNTk9QUVI=

            """)
}
