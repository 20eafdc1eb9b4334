#pragma once

#include "backend/proposals/qr/fountainpart.h"

#include <variant>

namespace countersign {

/// A whole message as a CBOR byte string: "ur:bytes/…" (BCR-2020-005).
struct UrWhole {
    Bytes message;

    friend bool operator==(const UrWhole &, const UrWhole &) = default;
};

/// One frame: a whole message, or a part of one: "ur:bytes/1-9/…".
using UrFrame = std::variant<UrWhole, FountainPart>;

/// In lower case, as it is written and spoken. A symbol carries it in upper case, which takes 5.5 bits a character.
[[nodiscard]] QByteArray toUr(const UrFrame &frame);
/// Any case. Invalid when it is not a UR of the type bytes, Corrupt when letters were misread, Exhausted over a limit.
[[nodiscard]] Result<UrFrame> urFrameFromText(QByteArrayView text);

/// The message as a CBOR byte string, which is what is cut into fragments.
[[nodiscard]] Bytes wrapMessage(QByteArrayView message);
/// Invalid when it is anything else, or empty; Exhausted over the limit.
[[nodiscard]] Result<Bytes> unwrapMessage(QByteArrayView cbor);

} // namespace countersign
