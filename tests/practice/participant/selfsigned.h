#pragma once

#include <QByteArray>

namespace countersign {

/// A fresh P-256 key with a certificate for 127.0.0.1 and localhost that signs itself; both PEM. Valid for an hour.
struct SelfSigned {
    QByteArray certificate;
    QByteArray key;

    /// Empty members when OpenSSL refuses.
    [[nodiscard]] static SelfSigned make();
};

} // namespace countersign
