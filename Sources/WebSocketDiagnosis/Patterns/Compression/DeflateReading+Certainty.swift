extension DeflateReading.Outcome {
    /// How certain the reading is if the agreed one does not fit; nil if there is no evidence for it.
    ///
    /// Almost any bytes inflate to something for a while, so the output decides: a JSON value that ends with the
    /// message's last byte is no coincidence, and neither are several clean texts.
    var certainty: Diagnosis.Certainty? {
        guard fits else { return nil }
        if values > 0 || cleanTexts > 1 { return isCut ? .likely : .certain }
        if cleanTexts == 1, outputCount >= 16 { return .likely }
        return messages > 1 ? .likely : messages > 0 || cleanTexts > 0 ? .possible : nil
    }
}
