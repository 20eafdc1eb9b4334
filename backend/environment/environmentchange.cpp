#include "backend/environment/environmentchange.h"

#include "backend/environment/yamltree.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxVaultName = 64;
constexpr qsizetype contextLines = 3;

/// New lines, and after which line of the file they stand (from 1; 0: at its beginning).
struct Insertion {
    int after = 0;
    QStringList lines;
};

std::unexpected<Error> byHand(const QString &why, const QStringList &lines)
{
    return fail(ErrorKind::Rejected,
        u"%1, and a program does not edit that. Nothing was written. Add it by hand: %2"_s.arg(why, lines.join(u' ').simplified()));
}

Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!QFileInfo::exists(path))
        return fail(ErrorKind::NotFound, u"There is no environment file “%1”"_s.arg(path));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Denied, u"The environment file “%1” cannot be read: %2"_s.arg(path, file.errorString()));
    return file.read(YamlLimits().bytes + 1);
}

Result<void> requireWritable(const QString &path)
{
    const QFileInfo info(path);
    constexpr QFile::Permissions anybody = QFile::WriteOwner | QFile::WriteGroup | QFile::WriteOther;
    if (!(info.permissions() & anybody) || !info.isWritable())
        return fail(ErrorKind::Denied, u"The environment file “%1” is read-only: whoever keeps it has to add the contract"_s.arg(path));
    if (!QFileInfo(info.absolutePath()).isWritable())
        return fail(ErrorKind::Denied, u"In the folder of “%1” nothing can be written"_s.arg(path));
    return {};
}

const YamlNode::Entry *entryOf(const YamlNode &map, QStringView key)
{
    const auto found = std::ranges::find(map.entries, key, &YamlNode::Entry::key);
    return found == map.entries.end() ? nullptr : &*found;
}

int lastLineOf(const YamlNode &node)
{
    int last = node.line;
    for (const auto &item : node.items)
        last = std::max(last, lastLineOf(*item));
    for (const YamlNode::Entry &entry : node.entries)
        last = std::max({last, entry.line, lastLineOf(*entry.value)});
    return last;
}

QString quoted(QString text)
{
    return u'"' + text.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s) + u'"';
}

/// Finds where the lines go. The lines of the file count from 1, as the tree has them.
class Place final {
public:
    Place(const QByteArray &yaml, const NewContract &contract)
        : m_lines(QString::fromUtf8(yaml).split(u'\n'))
        , m_contract(contract)
        , m_address(quoted(contract.address.toString()))
    {
    }

    Result<Insertion> find(const YamlNode &root) const
    {
        const YamlNode::Entry *chains = entryOf(root, u"chains");
        const QString id = QString::number(m_contract.chainId.value());
        for (const auto &chain : chains ? chains->value->items : std::vector<std::shared_ptr<const YamlNode>>()) {
            const YamlNode::Entry *chainId = entryOf(*chain, u"chainId");
            if (chainId && chainId->value->text == id)
                return inChain(*chain);
        }
        return fail(ErrorKind::NotFound, u"The environment file has no chain %1"_s.arg(id));
    }

private:
    QString line(int number) const { return m_lines.value(number - 1); }

    /// What stands in front of that column, when it is the way of a block: spaces, and dashes of lists.
    std::optional<QString> blockIndent(int number, int column) const
    {
        static const QRegularExpression shape(u"^( *)(?:- *)*$"_s);
        const QString before = line(number).left(column - 1);
        if (!shape.match(before).hasMatch())
            return std::nullopt;
        return QString(column - 1, u' ');
    }

    QStringList vaultByHand() const
    {
        return {u"vaults:"_s, u"- name: %1"_s.arg(quoted(m_contract.name)), u"address: %1"_s.arg(m_address)};
    }

    Result<Insertion> inChain(const YamlNode &chain) const
    {
        const bool isVault = m_contract.kind == NewContract::Kind::Vault;
        const QStringList lines = isVault ? vaultByHand() : QStringList{u"registry: %1"_s.arg(m_address)};
        if (chain.entries.empty())
            return byHand(u"The chain has no entries"_s, lines);
        const YamlNode::Entry &first = chain.entries.front();
        const auto indent = blockIndent(first.line, first.column);
        if (!indent)
            return byHand(u"The chain is written in one line, between braces, or after an anchor"_s, lines);
        if (isVault) {
            if (const YamlNode::Entry *vaults = entryOf(chain, u"vaults"))
                return amongVaults(*vaults, *indent, lines);
        }
        const int after = endOfSimpleEntry(chain);
        if (after == 0)
            return byHand(u"No entry of the chain stands on a line of its own"_s, lines);
        if (!isVault)
            return Insertion{after, {*indent + u"registry: %1"_s.arg(m_address)}};
        return Insertion{after,
            {*indent + u"vaults:"_s, *indent + u"  - name: %1"_s.arg(quoted(m_contract.name)),
                *indent + u"    address: %1"_s.arg(m_address)}};
    }

    /// The last entry that is one value on one line: behind it is room for another. Zero: there is none.
    int endOfSimpleEntry(const YamlNode &chain) const
    {
        int last = 0;
        for (size_t i = 0; i < chain.entries.size(); ++i) {
            const YamlNode::Entry &entry = chain.entries[i];
            const bool isSimple = entry.value->kind == YamlNode::Kind::Scalar && entry.value->line == entry.line;
            const bool isAlone = i + 1 == chain.entries.size() || chain.entries[i + 1].line > entry.line;
            if (isSimple && isAlone)
                last = std::max(last, entry.line);
        }
        return last;
    }

    Result<Insertion> amongVaults(const YamlNode::Entry &vaults, const QString &indent, const QStringList &lines) const
    {
        const QString value = line(vaults.line).mid(vaults.column - 1 + vaults.key.size()).section(u':', 1).trimmed();
        if (value.startsWith(u'*') || value.startsWith(u'&'))
            return byHand(u"The vaults stand behind an anchor, which other chains may use"_s, lines);
        if (!value.isEmpty() && !value.startsWith(u'#'))
            return byHand(u"The vaults are written on the line of their name"_s, lines);
        if (vaults.value->items.empty()) {
            if (vaults.value->kind != YamlNode::Kind::Null)
                return byHand(u"The vaults are no list of lines"_s, lines);
            return Insertion{vaults.line, itemLines(indent + u"  "_s, false)};
        }
        const YamlNode &last = *vaults.value->items.back();
        static const QRegularExpression dash(u"^( *)- +$"_s);
        const auto found = dash.match(line(last.line).left(last.column - 1));
        if (last.line <= vaults.line || !found.hasMatch())
            return byHand(u"The vaults are not a list with a line for each"_s, lines);
        const QString text = line(last.line);
        const bool isFlow = last.column <= text.size() && text.at(last.column - 1) == u'{';
        return Insertion{lastLineOf(last), itemLines(found.captured(1), isFlow)};
    }

    QStringList itemLines(const QString &indent, bool isFlow) const
    {
        const QString name = quoted(m_contract.name);
        if (isFlow)
            return {u"%1- {name: %2, address: %3}"_s.arg(indent, name, m_address)};
        return {u"%1- name: %2"_s.arg(indent, name), u"%1  address: %2"_s.arg(indent, m_address)};
    }

    QStringList m_lines;
    const NewContract &m_contract;
    QString m_address;
};

Result<void> checkName(const NewContract &contract)
{
    if (contract.kind == NewContract::Kind::Registry)
        return {};
    const QString &name = contract.name;
    const bool isShown = std::ranges::all_of(name, [](QChar c) { return c.isPrint() && c.category() != QChar::Other_Format; });
    if (name.isEmpty() || name.trimmed() != name || name.size() > maxVaultName || !isShown || !name.isValidUtf16())
        return fail(ErrorKind::Invalid,
            u"A vault's name has one to %1 characters that show, without spaces around it"_s.arg(maxVaultName));
    if (name == "safe"_L1 || name == "registry"_L1 || name.startsWith(u'#') || name.startsWith(u"0x"))
        return fail(ErrorKind::Invalid, u"“%1” means something else where names are typed: take another"_s.arg(name));
    return {};
}

Result<void> checkNew(const Environment &environment, const NewContract &contract)
{
    const ChainSettings *chain = environment.chain(contract.chainId);
    if (!chain)
        return fail(ErrorKind::NotFound, u"The environment file has no chain %1"_s.arg(contract.chainId.value()));
    if (contract.address.isZero())
        return fail(ErrorKind::Invalid, u"The zero address is no contract"_s);
    if (contract.kind == NewContract::Kind::Registry) {
        if (chain->registry)
            return fail(ErrorKind::Conflict,
                u"%1 has the registry %2 already, and a chain has one"_s.arg(chain->name, chain->registry->toString()));
        return {};
    }
    for (const VaultSettings &vault : chain->vaults) {
        if (vault.name.compare(contract.name, Qt::CaseInsensitive) == 0)
            return fail(ErrorKind::Conflict, u"%1 has a vault “%2” already: take another name"_s.arg(chain->name, vault.name));
        if (vault.address == contract.address)
            return fail(ErrorKind::Conflict, u"%1 knows this vault already, as “%2”"_s.arg(chain->name, vault.name));
    }
    const auto holder = std::ranges::find(environment.holders, contract.name, &HolderSettings::name);
    if (holder != environment.holders.end())
        return fail(ErrorKind::Conflict, u"“%1” is a holder: take another name"_s.arg(contract.name));
    return {};
}

Environment with(Environment environment, const NewContract &contract)
{
    for (ChainSettings &chain : environment.chains) {
        if (chain.chainId != contract.chainId)
            continue;
        if (contract.kind == NewContract::Kind::Registry)
            chain.registry = contract.address;
        else
            chain.vaults.append({contract.name, contract.address});
    }
    return environment;
}

qsizetype offsetAfterLine(const QByteArray &text, int line)
{
    qsizetype at = 0;
    for (int i = 0; i < line; ++i) {
        const qsizetype end = text.indexOf('\n', at);
        if (end < 0)
            return text.size();
        at = end + 1;
    }
    return at;
}

QStringList shown(const QByteArray &text)
{
    QStringList lines = QString::fromUtf8(text).split(u'\n');
    for (QString &line : lines) {
        if (line.endsWith(u'\r'))
            line.chop(1);
    }
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

Result<void> write(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    file.setDirectWriteFallback(false);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return fail(ErrorKind::Unavailable, u"“%1” cannot be written: %2"_s.arg(path, file.errorString()));
    const auto again = contentOf(path);
    if (!again || *again != content)
        return fail(ErrorKind::Corrupt, u"“%1” does not hold what was written to it"_s.arg(path));
    return {};
}

} // namespace

QString EnvironmentChange::diff() const
{
    QString text = u"@@ line %1 @@\n"_s.arg(line);
    for (const QString &one : above)
        text += u"  "_s + one + u'\n';
    for (const QString &one : added)
        text += u"+ "_s + one + u'\n';
    for (const QString &one : below)
        text += u"  "_s + one + u'\n';
    return text;
}

Result<EnvironmentChange> planInsertion(const QByteArray &yaml, const QString &file, const NewContract &contract)
{
    EnvironmentChange change;
    change.file = file;
    change.before = yaml;
    const QString folder = QFileInfo(file).absolutePath();
    const auto read = Environment::parse(change.before, file, folder);
    if (!read)
        return fail(read.error().kind, u"The environment file has problems that come first: %1"_s.arg(read.error().message), read.error().detail);
    auto checked = checkName(contract);
    if (checked)
        checked = checkNew(*read, contract);
    const auto tree = parseYaml(change.before);
    if (!checked)
        return std::unexpected(checked.error());
    if (!tree)
        return fail(ErrorKind::Invalid, u"The environment file cannot be read"_s);
    const auto place = Place(change.before, contract).find(**tree);
    if (!place)
        return std::unexpected(place.error());

    const qsizetype at = offsetAfterLine(change.before, place->after);
    const QByteArray head = change.before.left(at);
    const QByteArray tail = change.before.mid(at);
    const bool hasReturns = head.contains("\r\n") || tail.contains("\r\n");
    const QByteArray ending = hasReturns ? "\r\n"_ba : "\n"_ba;
    QByteArray lines = place->lines.join(QString::fromLatin1(ending)).toUtf8();
    // A last line without its end stays the last line without its end.
    change.after = head.endsWith('\n') ? head + lines + ending + tail : head + ending + lines;
    change.line = place->after + 1;
    change.added = place->lines;
    const QStringList above = shown(head);
    const QStringList below = shown(tail);
    change.above = above.last(std::min(contextLines, above.size()));
    change.below = below.first(std::min(contextLines, below.size()));

    const auto again = Environment::parse(change.after, file, folder);
    if (!again || *again != with(*read, contract))
        return fail(ErrorKind::Rejected,
            u"Read again, the file with the new lines is not the old profile plus this contract. Nothing was written: add "
            u"the contract by hand"_s,
            again ? change.diff() : again.error().detail);
    return change;
}

Result<EnvironmentChange> planContract(const QString &file, const NewContract &contract)
{
    const QFileInfo info(file);
    const QString path = info.exists() ? info.canonicalFilePath() : info.absoluteFilePath(); // behind a link, the file itself
    const auto content = contentOf(path);
    if (!content)
        return std::unexpected(content.error());
    if (const auto writable = requireWritable(path); !writable)
        return std::unexpected(writable.error());
    return planInsertion(*content, path, contract);
}

Result<QString> applyChange(const EnvironmentChange &change, Timestamp now)
{
    const auto content = contentOf(change.file);
    if (!content)
        return std::unexpected(content.error());
    if (*content != change.before)
        return fail(ErrorKind::Conflict, u"“%1” has been changed since the lines were shown. Nothing was written: look again"_s.arg(change.file));
    if (const auto writable = requireWritable(change.file); !writable)
        return std::unexpected(writable.error());
    const QString stamp = now.toDateTime().toUTC().toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
    QString copy = u"%1.%2.bak"_s.arg(change.file, stamp);
    for (int number = 2; QFileInfo::exists(copy); ++number)
        copy = u"%1.%2-%3.bak"_s.arg(change.file, stamp).arg(number);
    if (const auto kept = write(copy, change.before); !kept)
        return std::unexpected(kept.error());
    QFile::setPermissions(copy, QFile::permissions(change.file));
    if (const auto written = write(change.file, change.after); !written)
        return std::unexpected(written.error());
    return copy;
}

Result<void> undoChange(const EnvironmentChange &change)
{
    const auto content = contentOf(change.file);
    if (!content)
        return std::unexpected(content.error());
    if (*content != change.after)
        return fail(ErrorKind::Conflict, u"“%1” has been changed since: take the lines out by hand, or put the copy back"_s.arg(change.file));
    return write(change.file, change.before);
}

} // namespace countersign
