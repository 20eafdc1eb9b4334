#pragma once

#include "backend/proposals/qr/fountainsampler.h"
#include "backend/proposals/qr/fragmentsolver.h"
#include "backend/proposals/qr/urframe.h"
#include "backend/types/hash32.h"

#include <optional>

namespace countersign {

/// Gathers the frames of one message, in any order, until it is whole. The first frame decides which message that is.
/// Nothing of the message is given away before it is complete and its checksum is right; that the right one was shown
/// is for the reader to compare by hash().
class UrDecoder final {
public:
    enum class Outcome {
        New, ///< brought the message nearer
        Known, ///< said nothing new
        Foreign, ///< belongs to another message, or to this one cut differently; was not taken
        Completed, ///< the message is there
    };
    /// One frame. Errors: of urFrameFromText(), which change nothing; Corrupt when the parts contradict each other or
    /// the message they give, and then all parts are forgotten.
    [[nodiscard]] Result<Outcome> feed(QByteArrayView frame);

    bool isComplete() const { return m_message.has_value(); }
    const std::optional<Bytes> &message() const { return m_message; }
    Hash32 hash() const { return m_hash; } ///< keccak-256 of the whole message; zero before it is complete

    /// Parts that said something new, of how many are needed; 0 of 0 before the first frame.
    quint32 received() const;
    quint32 needed() const;
    double progress() const; ///< received of needed, in [0, 1]; 1 exactly when complete

    /// Forgets everything, also which message it was.
    void reset() { *this = UrDecoder(); }

private:
    struct Gathering {
        FountainPart first;
        FountainSampler sampler;
        FragmentSolver solver;
    };

    Result<Outcome> feedPart(const FountainPart &part);
    Result<Outcome> finish();
    Outcome complete(Bytes message);

    std::optional<Gathering> m_gathering;
    std::optional<FountainPart> m_finished; // the part that began the message; none when it came whole
    std::optional<Bytes> m_message;
    Hash32 m_hash;
};

} // namespace countersign
