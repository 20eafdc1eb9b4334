#pragma once

#include "backend/evm/signature.h"
#include "backend/proposals/chainlink.h"
#include "backend/types/json.h"
#include "backend/types/timestamp.h"
#include "backend/types/uint256.h"

#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

namespace countersign {

/// Reads the members of one object of an exchange file, one after the other, and remembers the first thing that was
/// wrong. Every member is critical: one that was not asked for is a problem, because it may mean what an older console
/// would not show.
class MemberReader final {
public:
    /// \a where stands before the names in messages, "transaction.". Anything but an object is a problem.
    MemberReader(JsonView object, QString where);

    QString text(QLatin1StringView name);
    Address address(QLatin1StringView name);
    Hash32 hash(QLatin1StringView name);
    Uint256 number(QLatin1StringView name);
    quint64 number64(QLatin1StringView name);
    Bytes bytes(QLatin1StringView name);
    Timestamp time(QLatin1StringView name);
    ChainLink link(); ///< "sequence" and "previous", which must agree on whether this is the first
    /// At most \a most elements; empty with a problem otherwise.
    std::vector<JsonView> list(QLatin1StringView name, qsizetype most);
    std::optional<JsonView> member(QLatin1StringView name);
    bool has(QLatin1StringView name) const { return find(name).has_value(); }

    void note(const QString &problem);
    /// Notes a member that was not read, and takes over the problem of a reader of a part.
    void finish();
    void finish(MemberReader &part);
    const std::optional<QString> &problem() const { return m_problem; }

private:
    std::optional<JsonView> find(QLatin1StringView name) const
    {
        return m_object.find(QUtf8StringView(name.data(), name.size()));
    }

    JsonView m_object;
    QString m_where;
    std::vector<QLatin1StringView> m_read;
    std::optional<QString> m_problem;
};

// The frame that every file has: {"kind": …, "version": …} and the member names that several kinds share.

/// Whole, strict JSON within \a limit bytes. Errors Invalid, Exhausted.
Result<JsonText> exchangeText(QByteArrayView file, qsizetype limit);
/// Notes another kind or version. Version 1 is named, because it was written once.
void readFrame(MemberReader &reader, QLatin1StringView kind);
QJsonObject frameOf(QLatin1StringView kind);
void insertLink(QJsonObject &object, const ChainLink &link);
QString decimal(Timestamp time);
/// The canonical form: members by name, four spaces, a newline at the end.
Bytes canonicalJson(const QJsonObject &object);

/// Error Exhausted when longer than \a limit, Invalid for characters that do not show and turn or hide what stands
/// beside them.
Result<void> checkText(const QString &text, qsizetype limit, const QString &what);

/// The 65 bytes of a member's signature over \a digest, in its one form (low s). Error Invalid when it is not by \a
/// author.
Result<EvmSignature> signatureOf(const Hash32 &digest, QByteArrayView bytes, const Address &author);

/// The value when it is written as \a file again; Invalid otherwise.
template <class T, class Encode> Result<T> ifCanonical(T value, QByteArrayView file, Encode encode)
{
    if (encode(value) != file)
        return fail(ErrorKind::Invalid,
            QStringLiteral("the file is not in the canonical form: it holds something else than what it says"));
    return value;
}

} // namespace countersign
