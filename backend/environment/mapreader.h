#pragma once

#include "backend/environment/yamltree.h"
#include "backend/types/address.h"
#include "backend/types/hash32.h"

#include <QStringList>
#include <QUrl>

#include <functional>
#include <optional>

namespace countersign {

/// Where problems gather while a profile is read, and what the readers need to know beside the tree.
struct ReadContext {
    EnvironmentProblems problems;
    QString folder; ///< relative paths start here

    void problem(const YamlNode &at, QString message, QString hint = {});
    void problem(const YamlNode::Entry &at, QString message, QString hint = {});
};

/// Reads one map of the profile key by key, with the checks that belong to a kind of value; at its end it reports the keys that nobody
/// asked for, with the nearest known one. Every reader answers a usable value also after a problem, so that all problems show at once.
class MapReader final
{
public:
    /// `what` names the map in messages, e.g. "a chain".
    MapReader(ReadContext &context, const YamlNode &node, QString what);
    ~MapReader();
    Q_DISABLE_COPY_MOVE(MapReader)

    enum class Need { Required, Optional };

    /// The value under a key, whatever it is; null where it is absent or empty.
    const YamlNode *value(const QString &key, Need need = Need::Required);

    QString text(const QString &key, Need need = Need::Required, qsizetype longest = 256);
    std::optional<qint64> integer(const QString &key, qint64 lowest, qint64 highest, Need need = Need::Required);
    QString hostPort(const QString &key, Need need = Need::Required); ///< "host:port"
    QString path(const QString &key, Need need = Need::Required); ///< absolute
    std::optional<QUrl> url(const QString &key, const QStringList &schemes, Need need = Need::Required);
    QVector<QUrl> urls(const QString &key, const QStringList &schemes); ///< at least one
    std::optional<Address> address(const QString &key, Need need = Need::Required);
    std::optional<Hash32> hash(const QString &key, Need need = Need::Required);
    QByteArray hexBytes(const QString &key, Need need = Need::Required); ///< without 0x, even digits

    /// A map under a key, if there is one.
    void map(const QString &key, const QString &what, Need need, const std::function<void(MapReader &)> &read);
    /// Every map of a list under a key; at most 1,000.
    void list(const QString &key, const QString &what, Need need, const std::function<void(MapReader &)> &read);
    /// Every text of a list under a key, with its node.
    void texts(const QString &key, Need need, const std::function<void(const YamlNode &, const QString &)> &read);

    void problem(const QString &key, QString message, QString hint = {});
    ReadContext &context() { return m_context; }
    const YamlNode &node() const { return m_node; }

private:
    const YamlNode::Entry *entry(const QString &key) const;
    const YamlNode *scalar(const QString &key, Need need);
    std::optional<QUrl> parseUrl(const YamlNode &at, const QString &key, const QString &text, const QStringList &schemes);

    ReadContext &m_context;
    const YamlNode &m_node;
    QString m_what;
    QStringList m_known;
};

/// True for keys under which people put secrets: PINs, passwords, tokens, private keys, mnemonics.
bool looksLikeSecretKey(const QString &key);

/// The candidate nearest to a misspelt word, or nothing when none is near.
QString nearest(const QString &word, const QStringList &candidates);

} // namespace countersign
