import SeededRandom

/// Small accidents in a conversation.
enum Mutation: CaseIterable {
    case flipBit, flipHeaderBit, flipMask, changeOpcode, changeLength, changeKey, changePayload
    case deleteByte, insertByte, repeatRange, truncate
    case repeatFrame, swapFrames, dropFrame, endEarly, wrongMask, longerLength, hugeLength, oneByteClose, shoutByte

    /// Applies it to `frames`. Some have nothing to change.
    func apply(to frames: inout [[UInt8]], _ random: inout SplitMix64) {
        guard !frames.isEmpty else { return }
        let index = random.below(frames.count)
        let count = frames[index].count
        guard count > 0 else { return }
        let place = random.below(min(count, 400))
        switch self {
        case .flipBit: frames[index][place] ^= 1 << UInt8(random.below(8))
        case .flipHeaderBit: frames[index][random.below(min(count, 2))] ^= 1 << UInt8(random.below(8))
        case .flipMask: if count > 1 { frames[index][1] ^= 0x80 }
        case .changeOpcode: frames[index][0] = frames[index][0] & 0xF0 | UInt8(random.below(16))
        case .changeLength: if count > 1 { frames[index][1] = frames[index][1] & 0x80 | UInt8(random.below(128)) }
        case .changeKey: if count > 5 { frames[index][random.within(2...5)] = random.byte() }
        case .changePayload: if count > 8 { frames[index][random.within(6...(min(count, 400) - 1))] = random.byte() }
        case .deleteByte: frames[index].remove(at: place)
        case .insertByte: frames[index].insert(random.byte(), at: place)
        case .repeatRange:
            let range = place..<(place + random.below(min(count - place, 40) + 1))
            frames[index].insert(contentsOf: frames[index][range], at: place)
        case .truncate:
            frames.removeSubrange((index + 1)...)
            frames[index].removeSubrange(place...)
        case .repeatFrame: frames.insert(frames[index], at: random.below(frames.count + 1))
        case .swapFrames: frames.swapAt(index, random.below(frames.count))
        case .dropFrame: frames.remove(at: index)
        case .endEarly: frames.removeSubrange((index + 1)...)
        case .wrongMask: remask(&frames[index], &random)
        case .longerLength: lengthen(&frames[index])
        case .hugeLength:
            if count > 1 {
                frames[index][0] &= 0xF7
                frames[index].replaceSubrange(1..<2, with: [frames[index][1] | 0x7F] + random.bytes(8))
            }
        case .oneByteClose: if count > 1 { frames.append([0x88, frames[index][1] & 0x80 | 1] + random.bytes(5)) }
        case .shoutByte: frames[index][place] = random.pick([0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xED, 0xF0, 0xF4, 0xFF])
        }
    }

    /// Masks a short frame that was not masked, or removes the mask from one that was.
    private func remask(_ frame: inout [UInt8], _ random: inout SplitMix64) {
        guard frame.count >= 2, frame[1] & 0x7F < 126 else { return }
        if frame[1] & 0x80 == 0 {
            frame = ConversationMaker.frame(frame[0], Array(frame[2...]), key: random.bytes(4))
        } else if frame.count >= 6 {
            frame.removeSubrange(2..<6)
            frame[1] &= 0x7F
        }
    }

    /// Writes a short length in the next longer form.
    private func lengthen(_ frame: inout [UInt8]) {
        guard frame.count >= 2 else { return }
        switch frame[1] & 0x7F {
        case ..<126:
            frame.replaceSubrange(1..<2, with: [frame[1] & 0x80 | 126, 0, frame[1] & 0x7F])
        case 126:
            frame[1] |= 1
            frame.insert(contentsOf: [0, 0, 0, 0, 0, 0], at: 2)
        default:
            frame[min(2, frame.count - 1)] |= 0x80
        }
    }
}
