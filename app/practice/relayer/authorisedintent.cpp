#include "app/practice/relayer/authorisedintent.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr qsizetype longestText = 128 * 1024;

/// Reads fields one after the other and remembers the first that was wrong.
class FieldReader final {
public:
    explicit FieldReader(const QHash<QString, QString> &fields)
        : m_fields(fields)
    {
    }

    template<class Parse>
    auto read(QStringView name, Parse parse) -> typename decltype(parse(QString()))::value_type
    {
        using Value = typename decltype(parse(QString()))::value_type;
        const auto field = m_fields.constFind(name.toString());
        if (field == m_fields.constEnd() || field->size() > longestText) {
            note(name, u"missing or too long"_s);
            return Value();
        }
        auto value = parse(*field);
        if (value)
            return *std::move(value);
        note(name, value.error().message);
        return Value();
    }

    QString text(QStringView name)
    {
        return read(name, [](const QString &value) { return Result<QString>(value); });
    }

    const std::optional<Error> &error() const { return m_error; }

private:
    void note(QStringView name, const QString &problem)
    {
        if (!m_error)
            m_error = Error{ErrorKind::Invalid, u"AuthorisedIntent.%1: %2"_s.arg(name, problem), {}};
    }

    const QHash<QString, QString> &m_fields;
    std::optional<Error> m_error;
};

Result<qint64> parseInt64(const QString &text)
{
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    if (!isNumber || number < 0)
        return fail(ErrorKind::Invalid, u"no natural number"_s);
    return number;
}

Result<Timestamp> parseTime(const QString &text)
{
    bool isNumber = false;
    const qint64 micros = text.toLongLong(&isNumber);
    if (isNumber)
        return Timestamp::fromMicros(micros);
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!time.isValid())
        return fail(ErrorKind::Invalid, u"no moment"_s);
    return Timestamp::fromDateTime(time);
}

Result<Bytes> parseHex(const QString &text)
{
    return bytesFromHex(text);
}

} // namespace

Result<AuthorisedIntent> AuthorisedIntent::fromFields(QString contractId, const QHash<QString, QString> &fields)
{
    FieldReader reader(fields);
    AuthorisedIntent intent;
    intent.contractId = std::move(contractId);
    intent.intentId = reader.text(u"intentId");
    intent.vaultId = reader.text(u"vaultId");
    intent.chain = ChainId(static_cast<quint64>(reader.read(u"chainId", parseInt64)));
    intent.vault = reader.read(u"vaultAddress", &Address::parse);
    intent.call.intentId = keccak256(intent.intentId.toUtf8());
    intent.call.partyId = reader.read(u"partyId", &Hash32::parse);
    intent.call.adapterId = reader.read(u"adapterId", &Hash32::parse);
    intent.call.amount = reader.read(u"amount", &amountFromNumeric);
    intent.call.data = reader.read(u"callData", parseHex);
    intent.call.nonce = Uint256(static_cast<quint64>(reader.read(u"nonce", parseInt64)));
    const Timestamp deadline = reader.read(u"deadline", parseTime);
    intent.call.deadline = Uint256(static_cast<quint64>(std::max<qint64>(0, deadline.micros() / 1'000'000)));
    intent.signature = reader.read(u"signature", parseHex);
    intent.createdAt = reader.read(u"createdAt", parseTime);
    intent.authorisedAt = reader.read(u"authorisedAt", parseTime);
    if (reader.error())
        return std::unexpected(*reader.error());
    return intent;
}

} // namespace countersign
