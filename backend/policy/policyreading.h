#pragma once

#include "backend/environment/mapreader.h"
#include "backend/policy/policy.h"
#include "backend/policy/policyseverities.h"

#include <QSet>

namespace countersign {

/// What all the readers of a policy's parts share: values that a MapReader alone does not know. As its own readers,
/// each answers something usable after a problem, so that all problems show at once.
class PolicyReading final {
public:
    using Need = MapReader::Need;

    explicit PolicyReading(const PolicyLoadOptions &options)
        : options(options)
    {
    }

    /// A text for people: not longer than that, and without characters that do not show or turn what stands beside
    /// them.
    static QString plainText(MapReader &reader, const QString &key, Need need, qsizetype longest);
    static std::optional<bool> boolean(MapReader &reader, const QString &key, Need need = Need::Optional);
    static std::optional<std::chrono::seconds> duration(
        MapReader &reader, const QString &key, Need need = Need::Optional);
    static std::optional<Uint256> nativeAmount(MapReader &reader, const QString &key);
    static std::optional<Uint256> tokenAmount(MapReader &reader, const QString &key, int decimals);
    static std::optional<ChainId> chain(MapReader &reader, const QString &key, Need need = Need::Optional);

    template <class Enum> static std::optional<Enum> word(MapReader &reader, const QString &key, Need need)
    {
        const QString given = reader.text(key, need, 64);
        if (given.isEmpty())
            return std::nullopt;
        const auto value = fromPolicyWord<Enum>(given);
        if (!value)
            notAWord(reader, key, given, policyWords<Enum>());
        return value;
    }
    template <class Enum> static QList<Enum> words(MapReader &reader, const QString &key, Need need)
    {
        QList<Enum> values;
        reader.texts(key, need, [&](const YamlNode &at, const QString &given) {
            const auto value = fromPolicyWord<Enum>(given);
            if (!value)
                notAWord(reader.context(), at, key, given, policyWords<Enum>());
            else if (values.contains(*value))
                twice(reader.context(), at, given);
            else
                values.append(*value);
        });
        return values;
    }
    static void notAWord(MapReader &reader, const QString &key, const QString &given, const QStringList &words);
    static void notAWord(
        ReadContext &context, const YamlNode &at, const QString &key, const QString &given, const QStringList &words);
    static void twice(ReadContext &context, const YamlNode &at, const QString &given);

    QList<PolicyMember> members(MapReader &reader, const QString &key, Need need) const;
    static QList<Address> addresses(MapReader &reader, const QString &key);

    const PolicyLoadOptions &options;
};

/// Reports what stands twice under a key whose values must differ.
class UniqueText final {
public:
    void check(MapReader &reader, const QString &key, const QString &given);

private:
    QSet<QString> m_seen;
};

// The parts of a policy, each in a file of its own.
void readSeverities(MapReader &root, const PolicyReading &reading, Policy &policy);
void readAllowLists(MapReader &root, Policy &policy);
void readContacts(MapReader &root, Policy &policy);
void readLimits(MapReader &root, Policy &policy);
void readRoles(MapReader &root, const PolicyReading &reading, Policy &policy);
void readRules(MapReader &root, const PolicyReading &reading, Policy &policy);

} // namespace countersign
