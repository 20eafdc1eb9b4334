#include "backend/proposals/qr/urdecoder.h"

#include "backend/proposals/qr/crc32.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

Result<UrDecoder::Outcome> UrDecoder::feed(QByteArrayView frame)
{
    const auto read = urFrameFromText(frame);
    if (!read)
        return std::unexpected(read.error());
    if (const auto *part = std::get_if<FountainPart>(&*read))
        return feedPart(*part);
    const Bytes &message = std::get<UrWhole>(*read).message;
    if (m_message)
        return *m_message == message ? Outcome::Known : Outcome::Foreign;
    return m_gathering ? Outcome::Foreign : complete(message);
}

Result<UrDecoder::Outcome> UrDecoder::feedPart(const FountainPart &part)
{
    if (m_message)
        return m_finished && m_finished->isSibling(part) ? Outcome::Known : Outcome::Foreign;
    if (!m_gathering)
        m_gathering.emplace(Gathering{part, FountainSampler(part.count), FragmentSolver(part.count, part.data.size())});
    else if (!m_gathering->first.isSibling(part))
        return Outcome::Foreign;
    const auto indexes = m_gathering->sampler.indexes(part.number, part.checksum);
    switch (m_gathering->solver.add(indexes, part.data)) {
    case FragmentSolver::Added::Known:
        return Outcome::Known;
    case FragmentSolver::Added::Contradiction:
        reset();
        return fail(ErrorKind::Corrupt,
            u"The frames contradict each other: not all of them show the same message. All are forgotten."_s);
    case FragmentSolver::Added::New:
        break;
    }
    return m_gathering->solver.isSolved() ? finish() : Outcome::New;
}

Result<UrDecoder::Outcome> UrDecoder::finish()
{
    Bytes wrapped = m_gathering->solver.take();
    const FountainPart first = std::move(m_gathering->first);
    reset();
    const auto padding = QByteArrayView(wrapped).sliced(first.messageSize);
    const bool isPadded = std::ranges::all_of(padding, [](char byte) { return byte == 0; });
    wrapped.truncate(first.messageSize);
    if (!isPadded || crc32(wrapped) != first.checksum)
        return fail(ErrorKind::Corrupt,
            u"The parts give another message than they say: the checksum is wrong. All are forgotten."_s);
    auto message = unwrapMessage(wrapped);
    if (!message)
        return fail(
            ErrorKind::Corrupt, u"The parts give no message: %1 All are forgotten."_s.arg(message.error().message));
    m_finished = first;
    return complete(*std::move(message));
}

UrDecoder::Outcome UrDecoder::complete(Bytes message)
{
    m_hash = keccak256(message);
    m_message = std::move(message);
    return Outcome::Completed;
}

quint32 UrDecoder::received() const
{
    if (m_message)
        return needed();
    return m_gathering ? m_gathering->solver.rank() : 0;
}

quint32 UrDecoder::needed() const
{
    if (m_message)
        return m_finished ? m_finished->count : 1;
    return m_gathering ? m_gathering->first.count : 0;
}

double UrDecoder::progress() const
{
    return needed() == 0 ? 0 : static_cast<double>(received()) / needed();
}

} // namespace countersign
