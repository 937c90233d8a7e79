extension DeflateReading.Outcome {
    /// How sure it is, where the agreed reading does not fit; nil if nothing speaks for it.
    ///
    /// Almost any bytes inflate to something for a while, so it is what comes out that tells: a value of JSON that
    /// closes with the message's last byte is no chance, and neither are several clean texts.
    var certainty: Diagnosis.Certainty? {
        guard fits else { return nil }
        if values > 0 || cleanTexts > 1 { return isCut ? .likely : .certain }
        if cleanTexts == 1, outputCount >= 16 { return .likely }
        return messages > 1 ? .likely : messages > 0 || cleanTexts > 0 ? .possible : nil
    }
}
