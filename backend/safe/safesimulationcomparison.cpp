#include "backend/safe/safesimulationcomparison.h"

#include "backend/safe/safestatediff.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <map>

namespace countersign {

namespace {

constexpr qsizetype mostOfOneKind = 20; // sentences; the rest is counted

class Sentences final {
public:
    void add(const QString &sentence)
    {
        if (m_ofThisKind++ < mostOfOneKind)
            m_list.append(sentence);
    }
    void endKind(const QString &what)
    {
        if (m_ofThisKind > mostOfOneKind)
            m_list.append(u"and %1 more differences of %2"_s.arg(m_ofThisKind - mostOfOneKind).arg(what));
        m_ofThisKind = 0;
    }
    QStringList take() { return std::move(m_list); }

private:
    QStringList m_list;
    qsizetype m_ofThisKind = 0;
};

QString orNothing(const std::optional<QString> &text)
{
    return text.value_or(u"no change"_s);
}

// Two sets of "what changes: from what to what".
using Facts = std::map<QString, QString>;

void compareFacts(Sentences &sentences, const QString &kind, const Facts &a, const Facts &b)
{
    Facts all = a; // for its keys
    all.insert(b.begin(), b.end());
    for (const auto &entry : all) {
        const auto inA = a.find(entry.first);
        const auto inB = b.find(entry.first);
        const auto one = inA == a.end() ? std::nullopt : std::optional(inA->second);
        const auto other = inB == b.end() ? std::nullopt : std::optional(inB->second);
        if (one != other)
            sentences.add(u"%1 %2: %3, the other says %4"_s.arg(kind, entry.first, orNothing(one), orNothing(other)));
    }
    sentences.endKind(kind);
}

QString fromTo(const QString &before, const QString &after)
{
    return u"%1 -> %2"_s.arg(before, after);
}

Facts storageFacts(const QList<StorageChange> &changes)
{
    Facts facts;
    for (const StorageChange &change : changes)
        facts.emplace(u"%1 of %2"_s.arg(change.slot.toString(), change.contract.toString()),
            fromTo(change.before.toString(), change.after.toString()));
    return facts;
}

QString longText(const Bytes &code)
{
    return u"%1 bytes with the hash %2"_s.arg(QString::number(code.size()), keccak256(code).toString());
}

Facts accountFacts(const StateDiff &diff)
{
    Facts facts;
    for (const BalanceChange &change : diff.balances)
        facts.emplace(u"balance of %1"_s.arg(change.account.toString()),
            fromTo(change.before.toDecimal(), change.after.toDecimal()));
    for (const NonceChange &change : diff.nonces)
        facts.emplace(u"nonce of %1"_s.arg(change.account.toString()),
            fromTo(QString::number(change.before), QString::number(change.after)));
    for (const CodeChange &change : diff.codes)
        facts.emplace(
            u"code of %1"_s.arg(change.account.toString()), fromTo(longText(change.before), longText(change.after)));
    return facts;
}

QString dataText(const Bytes &data)
{
    constexpr qsizetype longest = 128;
    return data.size() <= longest ? toHex(data) : longText(data);
}

Facts logFacts(const std::vector<EvmLog> &logs, bool inOrder)
{
    Facts facts;
    std::map<QString, int> seen;
    for (size_t i = 0; i < logs.size(); ++i) {
        QStringList topics;
        for (const Hash32 &topic : logs[i].topics)
            topics.append(topic.toString());
        const QString text = u"by %1, topics %2, data %3"_s.arg(
            logs[i].address.toString(), topics.join(u", "_s), dataText(logs[i].data));
        if (inOrder)
            facts.emplace(QString::number(i).rightJustified(5, u'0'), text);
        else
            facts.insert_or_assign(text, u"%1 times"_s.arg(++seen[text]));
    }
    return facts;
}

Facts callFacts(const CallTrace &trace)
{
    Facts facts;
    for (size_t i = 0; i < trace.frames.size(); ++i) {
        const CallFrame &frame = trace.frames[i];
        facts.emplace(QString::number(i).rightJustified(5, u'0'),
            u"%1 of %2 at depth %3 with %4 and %5 wei%6"_s.arg(QString(callKindName(frame.kind)),
                frame.to.value_or(Address()).toString(), QString::number(frame.depth), dataText(frame.input),
                frame.value.toDecimal(), frame.error.isEmpty() ? QString() : u", failed"_s));
    }
    return facts;
}

Facts answerFacts(const QList<SimulatedCall> &answers)
{
    Facts facts;
    for (qsizetype i = 0; i < answers.size(); ++i)
        facts.emplace(QString::number(i), answers.at(i).succeeded ? toHex(answers.at(i).returned) : u"refused"_s);
    return facts;
}

QString outcomeText(const SafeSimulation &simulation)
{
    return simulation.succeeded ? u"it succeeds"_s : u"it fails (%1)"_s.arg(simulation.reason);
}

const NamedChange *find(const QList<NamedChange> &changes, const NamedChange &wanted)
{
    const auto found = std::ranges::find_if(changes, [&wanted](const NamedChange &change) {
        return change.contract == wanted.contract && change.variable == wanted.variable;
    });
    return found == changes.end() ? nullptr : &*found;
}

QString nameOf(const NamedChange &change)
{
    return u"%1 of %2"_s.arg(change.variable, change.contract.toString());
}

} // namespace

QStringList differences(const SafeSimulation &a, const SafeSimulation &b)
{
    Sentences sentences;
    if (a.innerCallOnly != b.innerCallOnly)
        return {}; // they did not try the same
    if (a.succeeded != b.succeeded || (!a.succeeded && a.reason != b.reason))
        sentences.add(u"One says that %1, the other that %2"_s.arg(outcomeText(a), outcomeText(b)));
    sentences.endKind({});
    if (!a.answers.isEmpty() && !b.answers.isEmpty())
        compareFacts(sentences, u"answer to question"_s, answerFacts(a.answers), answerFacts(b.answers));
    if (a.hasChanges && b.hasChanges)
        compareFacts(sentences, u"storage slot"_s, storageFacts(a.changes), storageFacts(b.changes));
    if (a.difference && b.difference)
        compareFacts(sentences, u"the"_s, accountFacts(*a.difference), accountFacts(*b.difference));
    if (a.hasLogs && b.hasLogs) {
        const auto ordered
            = [](const SafeSimulation &simulation) { return !simulation.trace || simulation.trace->logOrderKnown; };
        const bool inOrder = ordered(a) && ordered(b);
        compareFacts(sentences, u"event"_s, logFacts(a.logs, inOrder), logFacts(b.logs, inOrder));
    }
    if (a.trace && b.trace)
        compareFacts(sentences, u"call"_s, callFacts(*a.trace), callFacts(*b.trace));
    return sentences.take();
}

QStringList differences(const QList<NamedChange> &promised, const QList<NamedChange> &simulated, const Address &safe)
{
    Sentences sentences;
    for (const NamedChange &promise : promised) {
        const NamedChange *change = find(simulated, promise);
        if (!change)
            sentences.add(u"%1 was promised to change from %2 to %3, but does not change"_s.arg(
                nameOf(promise), promise.before, promise.after));
        else if (change->before != promise.before || change->after != promise.after)
            sentences.add(u"%1 was promised to change from %2 to %3, but changes from %4 to %5"_s.arg(
                nameOf(promise), promise.before, promise.after, change->before, change->after));
    }
    sentences.endKind(u"promises"_s);
    for (const NamedChange &change : simulated) {
        const bool isCounting = change.contract == safe && safeSelfChanges({change}, safe).isEmpty();
        if (!isCounting && !find(promised, change))
            sentences.add(
                u"%1 changes from %2 to %3, which nobody promised"_s.arg(nameOf(change), change.before, change.after));
    }
    sentences.endKind(u"changes"_s);
    return sentences.take();
}

} // namespace countersign
