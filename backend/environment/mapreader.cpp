#include "backend/environment/mapreader.h"

#include "backend/types/strings.h"

#include <QDir>
#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>
#include <vector>

namespace countersign {

namespace {

constexpr qsizetype longestList = 1000;

QString shown(const QString &text)
{
    QString cut = text.left(48);
    for (QChar &c : cut) {
        if (!c.isPrint())
            c = u'\uFFFD';
    }
    return cut.size() < text.size() ? QString(cut + u'…') : cut;
}

/// Optimal string alignment: a transposition is one mistake, as it is under fingers.
qsizetype distance(const QString &a, const QString &b)
{
    const auto columns = static_cast<std::size_t>(b.size()) + 1;
    std::vector<qsizetype> beforeLast(columns);
    std::vector<qsizetype> last(columns);
    std::vector<qsizetype> row(columns);
    for (std::size_t j = 0; j < columns; ++j)
        last[j] = static_cast<qsizetype>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<std::size_t>(j);
            const qsizetype change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[at] = std::min({last[at] + 1, row[at - 1] + 1, last[at - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[at] = std::min(row[at], beforeLast[at - 2] + 1);
        }
        beforeLast.swap(last);
        last.swap(row);
    }
    return last[columns - 1];
}

} // namespace

void ReadContext::problem(const YamlNode &at, QString message, QString hint)
{
    problems.append({at.line, at.column, std::move(message), std::move(hint)});
}

void ReadContext::problem(const YamlNode::Entry &at, QString message, QString hint)
{
    problems.append({at.line, at.column, std::move(message), std::move(hint)});
}

bool looksLikeSecretKey(const QString &key)
{
    QString plain;
    for (const QChar c : key) {
        if (c.isLetterOrNumber())
            plain += c.toLower();
    }
    static const QStringList whole{u"pin"_s, u"userpin"_s, u"sopin"_s, u"token"_s, u"secret"_s, u"seed"_s};
    static const QStringList part{u"password"_s, u"passphrase"_s, u"privatekey"_s, u"mnemonic"_s, u"apikey"_s, u"accesstoken"_s,
                                  u"bearertoken"_s, u"clientsecret"_s, u"secretkey"_s, u"authtoken"_s};
    return whole.contains(plain) || std::ranges::any_of(part, [&plain](const QString &p) { return plain.contains(p); });
}

QString nearest(const QString &word, const QStringList &candidates)
{
    if (word.isEmpty() || word.size() > 64)
        return {};
    const QString lower = word.toLower();
    QString best;
    qsizetype bestDistance = std::max<qsizetype>(1, word.size() / 3) + 1;
    for (const QString &candidate : candidates) {
        const qsizetype d = distance(lower, candidate.toLower());
        if (d < bestDistance) {
            bestDistance = d;
            best = candidate;
        }
    }
    return best;
}

MapReader::MapReader(ReadContext &context, const YamlNode &node, QString what)
    : m_context(context)
    , m_node(node)
    , m_what(std::move(what))
{
    if (node.kind != YamlNode::Kind::Map && node.kind != YamlNode::Kind::Null)
        m_context.problem(node, u"%1 must be a map of keys and values"_s.arg(m_what));
}

MapReader::~MapReader()
{
    for (const YamlNode::Entry &e : m_node.entries) {
        if (m_known.contains(e.key) || looksLikeSecretKey(e.key))
            continue; // secrets are reported for the whole tree, wherever they stand
        const QString near = nearest(e.key, m_known);
        m_context.problem(e, u"“%1” is no key of %2"_s.arg(shown(e.key), m_what),
                          near.isEmpty() ? u"known keys: "_s + m_known.join(u", "_s) : u"did you mean “%1”?"_s.arg(near));
    }
}

const YamlNode::Entry *MapReader::entry(const QString &key) const
{
    const auto found = std::ranges::find(m_node.entries, key, &YamlNode::Entry::key);
    return found == m_node.entries.end() ? nullptr : &*found;
}

const YamlNode *MapReader::value(const QString &key, Need need)
{
    if (!m_known.contains(key))
        m_known.append(key);
    const YamlNode::Entry *e = entry(key);
    if (e != nullptr && e->value->kind != YamlNode::Kind::Null)
        return e->value.get();
    if (need == Need::Required) {
        if (e != nullptr)
            m_context.problem(*e, u"“%1” has no value"_s.arg(key));
        else if (m_node.kind == YamlNode::Kind::Map || m_node.kind == YamlNode::Kind::Null)
            m_context.problem(m_node, u"%1 needs “%2”"_s.arg(m_what, key));
    }
    return nullptr;
}

const YamlNode *MapReader::scalar(const QString &key, Need need)
{
    const YamlNode *node = value(key, need);
    if (node == nullptr)
        return nullptr;
    if (node->kind != YamlNode::Kind::Scalar) {
        m_context.problem(*node, u"“%1” must be one value, not a list or a map"_s.arg(key));
        return nullptr;
    }
    return node;
}

QString MapReader::text(const QString &key, Need need, qsizetype longest)
{
    const YamlNode *node = scalar(key, need);
    if (node == nullptr)
        return {};
    if (node->text.isEmpty() && need == Need::Required)
        m_context.problem(*node, u"“%1” is empty"_s.arg(key));
    if (node->text.size() > longest)
        m_context.problem(*node, u"“%1” is longer than %2 characters"_s.arg(key).arg(longest));
    if (std::ranges::any_of(node->text, [](QChar c) { return c.category() == QChar::Other_Control; }))
        m_context.problem(*node, u"“%1” has control characters in it"_s.arg(key));
    return node->text;
}

std::optional<qint64> MapReader::integer(const QString &key, qint64 lowest, qint64 highest, Need need)
{
    const YamlNode *node = scalar(key, need);
    if (node == nullptr)
        return std::nullopt;
    bool ok = false;
    const qint64 number = node->text.toLongLong(&ok);
    if (!ok || number < lowest || number > highest) {
        m_context.problem(*node, u"“%1” must be a whole number from %2 to %3, not “%4”"_s.arg(key).arg(lowest).arg(highest).arg(shown(node->text)));
        return std::nullopt;
    }
    return number;
}

QString MapReader::hostPort(const QString &key, Need need)
{
    const YamlNode *node = scalar(key, need);
    if (node == nullptr)
        return {};
    static const QRegularExpression pattern(u"^(\\[[0-9A-Fa-f:.]{2,45}\\]|[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?):([0-9]{1,5})$"_s);
    const auto match = pattern.match(node->text);
    const int port = match.hasMatch() ? match.captured(3).toInt() : 0;
    if (port < 1 || port > 65535)
        m_context.problem(*node, u"“%1” must be host:port, not “%2”"_s.arg(key, shown(node->text)),
                          node->text.contains(u"://") ? u"leave the scheme out; TLS is set by “tls”"_s : u"for example \"127.0.0.1:5011\""_s);
    return node->text;
}

QString MapReader::path(const QString &key, Need need)
{
    const QString given = text(key, need, 4096);
    if (given.isEmpty())
        return {};
    if (QDir::isAbsolutePath(given))
        return QDir::cleanPath(given);
    if (m_context.folder.isEmpty() || given.startsWith(u'~')) {
        problem(key, u"“%1” must be an absolute path, not “%2”"_s.arg(key, shown(given)));
        return given;
    }
    return QDir::cleanPath(m_context.folder + u'/' + given);
}

std::optional<QUrl> MapReader::parseUrl(const YamlNode &at, const QString &key, const QString &text, const QStringList &schemes)
{
    const QUrl url(text, QUrl::StrictMode);
    if (text.size() > 2048 || !url.isValid() || url.host().isEmpty() || !schemes.contains(url.scheme())) {
        m_context.problem(at, u"“%1” must be a URL that starts with %2, not “%3”"_s.arg(key, schemes.join(u":// or "_s) + u"://"_s, shown(text)));
        return std::nullopt;
    }
    if (!url.userInfo().isEmpty()) {
        m_context.problem(at, u"“%1” carries a user name or password"_s.arg(key),
                          u"secrets never stand in this file; the console keeps them in the system's key ring"_s);
        return std::nullopt;
    }
    return url;
}

std::optional<QUrl> MapReader::url(const QString &key, const QStringList &schemes, Need need)
{
    const YamlNode *node = scalar(key, need);
    return node == nullptr ? std::nullopt : parseUrl(*node, key, node->text, schemes);
}

QVector<QUrl> MapReader::urls(const QString &key, const QStringList &schemes)
{
    QVector<QUrl> found;
    texts(key, Need::Required, [&](const YamlNode &at, const QString &given) {
        if (const auto one = parseUrl(at, key, given, schemes)) {
            if (found.contains(*one))
                m_context.problem(at, u"“%1” names this URL twice"_s.arg(key), u"two names of one server do not check each other"_s);
            found.append(*one);
        }
    });
    return found;
}

std::optional<Address> MapReader::address(const QString &key, Need need)
{
    const YamlNode *node = scalar(key, need);
    if (node == nullptr)
        return std::nullopt;
    const auto parsed = Address::parse(node->text);
    if (!parsed) {
        const bool longer = Hash32::parse(node->text).has_value();
        m_context.problem(*node, u"“%1” is no address: "_s.arg(key) + parsed.error().message,
                          longer ? u"this has 32 bytes: if it is a private key, it is no secret any more; replace it"_s
                                 : u"an address is 0x and 40 hexadecimal digits, in quotes"_s);
        return std::nullopt;
    }
    return *parsed;
}

std::optional<Hash32> MapReader::hash(const QString &key, Need need)
{
    const YamlNode *node = scalar(key, need);
    if (node == nullptr)
        return std::nullopt;
    const auto parsed = Hash32::parse(node->text);
    if (!parsed) {
        m_context.problem(*node, u"“%1” is no bytes32: "_s.arg(key) + parsed.error().message, u"0x and 64 hexadecimal digits, in quotes"_s);
        return std::nullopt;
    }
    return *parsed;
}

QByteArray MapReader::hexBytes(const QString &key, Need need)
{
    const YamlNode *node = scalar(key, need);
    if (node == nullptr)
        return {};
    static const QRegularExpression pattern(u"^([0-9A-Fa-f]{2}){1,128}$"_s);
    if (!pattern.match(node->text).hasMatch()) {
        m_context.problem(*node, u"“%1” must be hexadecimal digits in pairs, not “%2”"_s.arg(key, shown(node->text)), u"for example \"01\", in quotes"_s);
        return {};
    }
    return QByteArray::fromHex(node->text.toLatin1());
}

void MapReader::map(const QString &key, const QString &what, Need need, const std::function<void(MapReader &)> &read)
{
    if (const YamlNode *node = value(key, need)) {
        MapReader reader(m_context, *node, what);
        if (node->kind == YamlNode::Kind::Map)
            read(reader);
    }
}

void MapReader::list(const QString &key, const QString &what, Need need, const std::function<void(MapReader &)> &read)
{
    const YamlNode *node = value(key, need);
    if (node == nullptr)
        return;
    if (node->kind != YamlNode::Kind::Sequence) {
        m_context.problem(*node, u"“%1” must be a list"_s.arg(key), u"begin each entry with “- ”"_s);
        return;
    }
    if (static_cast<qsizetype>(node->items.size()) > longestList) {
        m_context.problem(*node, u"“%1” has more than %2 entries"_s.arg(key).arg(longestList));
        return;
    }
    if (node->items.empty() && need == Need::Required)
        m_context.problem(*node, u"“%1” has no entry"_s.arg(key));
    for (const auto &item : node->items) {
        MapReader reader(m_context, *item, what);
        if (item->kind != YamlNode::Kind::Scalar && item->kind != YamlNode::Kind::Sequence)
            read(reader);
    }
}

void MapReader::texts(const QString &key, Need need, const std::function<void(const YamlNode &, const QString &)> &read)
{
    const YamlNode *node = value(key, need);
    if (node == nullptr)
        return;
    if (node->kind != YamlNode::Kind::Sequence) {
        m_context.problem(*node, u"“%1” must be a list"_s.arg(key), u"for example [\"one\", \"two\"]"_s);
        return;
    }
    if (static_cast<qsizetype>(node->items.size()) > longestList) {
        m_context.problem(*node, u"“%1” has more than %2 entries"_s.arg(key).arg(longestList));
        return;
    }
    if (node->items.empty() && need == Need::Required)
        m_context.problem(*node, u"“%1” has no entry"_s.arg(key));
    for (const auto &item : node->items) {
        if (item->kind == YamlNode::Kind::Scalar)
            read(*item, item->text);
        else
            m_context.problem(*item, u"every entry of “%1” must be one value"_s.arg(key));
    }
}

void MapReader::problem(const QString &key, QString message, QString hint)
{
    if (const YamlNode::Entry *e = entry(key))
        m_context.problem(*e->value, std::move(message), std::move(hint));
    else
        m_context.problem(m_node, std::move(message), std::move(hint));
}

} // namespace countersign
