"""The frozen records that all parts of regrade share: the only language they speak. No input or output here."""
