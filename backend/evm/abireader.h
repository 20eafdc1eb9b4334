#pragma once

#include "backend/evm/abilenient.h"

#include <array>

namespace countersign {

/// Reads ABI-encoded data; behind abiDecodeStrict and abiDecodeLenient, which differ only in what a deviation does.
///
/// Strictly, every offset must be the one that the encoder would have written, so nothing is read twice and the work is
/// linear in the data. Leniently, offsets may share data, so the values themselves are counted against AbiLimits before
/// room is made for them. Recursion is as deep as the type, never as deep as the data says.
class AbiReader final {
public:
    enum class Mode { Strict, Lenient };

    AbiReader(QByteArrayView data, Mode mode, const AbiLimits &limits) : m_data(data), m_limits(limits), m_isLenient(mode == Mode::Lenient) {}

    Result<AbiLenient> read(std::span<const AbiType> types);
    Result<AbiLenient> read(const std::vector<AbiParameter> &parameters);

private:
    struct Range {
        qsizetype begin;
        qsizetype end;
    };

    template<class TypeAt>
    Result<AbiLenient> readAll(TypeAt typeAt, size_t count);
    template<class TypeAt>
    bool sequence(TypeAt typeAt, size_t count, qsizetype base, AbiValue::List &out);
    bool behindOffset(const AbiType &type, qsizetype at, qsizetype base, qsizetype head, AbiValue::List &out);
    bool inPlace(const AbiType &type, qsizetype at, AbiValue::List &out);
    bool dynamic(const AbiType &type, AbiValue::List &out);
    bool content(const AbiType &type, qsizetype length, qsizetype body, AbiValue::List &out);
    bool composite(const AbiType &type, qsizetype at, AbiValue::List &out);
    std::optional<qsizetype> small(qsizetype at, qsizetype most) const;

    bool chargeValues(size_t count);
    bool chargeBytes(qsizetype count);
    bool tooLarge();
    bool stop(AbiFault fault, qsizetype position);
    bool deviate(AbiFault fault, qsizetype position);
    void note(AbiFault fault, qsizetype position, const QString &path);
    void cover(qsizetype begin, qsizetype end);
    void judgeCoverage();
    QString path() const;

    QByteArrayView m_data;
    AbiLimits m_limits;
    bool m_isLenient;
    std::span<const AbiType> m_types;                     // one of the two is what is read
    const std::vector<AbiParameter> *m_parameters = nullptr;

    qsizetype m_next = 0; // where the canonical encoding goes on
    std::array<size_t, AbiType::maxDepth + 2> m_path{}; // index in each list that is being read
    size_t m_depth = 0;
    qsizetype m_valueCount = 0;
    qsizetype m_byteCount = 0;
    bool m_shares = false; // an offset led back
    std::vector<Range> m_ranges; // read so far; lenient only
    AbiLenient m_result;
    Error m_error;
};

} // namespace countersign
