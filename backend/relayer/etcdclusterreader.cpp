#include "backend/relayer/etcdclusterreader.h"

#include "backend/relayer/log.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QSet>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

constexpr qint64 discoveredKeys = 5000;
constexpr qsizetype mostElections = 64;

QString nameOf(const EtcdMember &member)
{
    return member.name.isEmpty() ? QString::number(member.id, 16) : member.name;
}

// Whether a member says that this is its address. Hosts are compared as they are written.
bool isAt(const EtcdMember &member, const QUrl &url)
{
    return std::ranges::any_of(member.clientUrls, [&url](const QString &text) {
        const QUrl own(text);
        return own.host() == url.host() && own.port(2379) == url.port(2379);
    });
}

QString alarmText(const EtcdAlarm &alarm, const QString &member)
{
    switch (alarm.kind) {
    case EtcdAlarm::Kind::NoSpace:
        return u"%1 is out of space: etcd takes no writes until it is compacted and the alarm is disarmed"_s.arg(member);
    case EtcdAlarm::Kind::Corrupt:
        return u"%1 holds other data than its cluster: take it out and let it join anew"_s.arg(member);
    case EtcdAlarm::Kind::Other:
        break;
    }
    return u"%1 raised an alarm that this console does not know"_s.arg(member);
}

// What a member's own answer says is wrong with it.
QString problemOf(const EtcdStatus &status)
{
    if (status.leader == 0)
        return u"It knows no leader: it is cut off, or the cluster has lost its majority"_s;
    return status.errors.join(u"; "_s);
}

void judgeLeaders(EtcdClusterState &state)
{
    QSet<quint64> leaders;
    bool answers = false;
    for (EtcdMemberState &one : state.members) {
        if (!one.status || one.health == EtcdMemberState::Health::Down)
            continue;
        answers = true;
        state.term = std::max(state.term, one.status->raftTerm);
        if (one.status->leader != 0)
            leaders.insert(one.status->leader);
        one.leads = one.status->leader == one.status->member && one.status->member != 0;
    }
    if (!answers)
        state.problem = u"No endpoint of etcd answers"_s;
    else if (leaders.isEmpty())
        state.problem = u"No member of etcd knows a leader: nothing can be written, and no lease is kept"_s;
    else if (leaders.size() > 1)
        state.problem = u"Members of etcd name different leaders"_s;
}

} // namespace

EtcdClusterReader::EtcdClusterReader(EtcdClusterSettings settings, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_clock(clock)
{
    for (const QUrl &endpoint : std::as_const(m_settings.access.endpoints)) {
        // A member that has lost its cluster shall say so, and not refuse.
        Result<EtcdClient> client = EtcdClient::open(endpoint, m_settings.access, false);
        if (!client) {
            m_badEndpoints = client.error().message;
            continue;
        }
        m_clients.push_back(std::move(*client));
        m_urls.append(endpoint);
    }
    m_timer.setInterval(m_settings.interval);
    connect(&m_timer, &QTimer::timeout, this, &EtcdClusterReader::refresh);
}

void EtcdClusterReader::start()
{
    m_timer.start();
    refresh();
}

void EtcdClusterReader::refresh()
{
    if (!m_reading)
        spawn(read());
}

QCoro::Task<EtcdClusterReader::Answer> EtcdClusterReader::ask(
    EtcdClient client, QUrl url, std::chrono::milliseconds deadline, std::stop_token stop)
{
    Answer answer{client.target(), std::move(url), co_await client.status(deadline, stop), {}};
    if (!answer.status || stop.stop_requested())
        co_return answer;
    const Result<QVector<EtcdAlarm>> alarms = co_await client.alarms(deadline, stop);
    if (alarms)
        answer.alarms = *alarms; // an alarm that a user may not see is no alarm that is denied
    co_return answer;
}

QCoro::Task<> EtcdClusterReader::read()
{
    const std::stop_token stop = m_scope.token();
    m_reading = true;
    std::vector<QCoro::Task<Answer>> pending;
    pending.reserve(m_clients.size());
    for (size_t i = 0; i < m_clients.size(); ++i)
        pending.push_back(ask(m_clients[i], m_urls[static_cast<qsizetype>(i)], m_settings.deadline, stop));
    std::vector<Answer> answers;
    for (QCoro::Task<Answer> &task : pending) {
        answers.push_back(co_await task);
        if (stop.stop_requested())
            co_return;
    }
    co_await readMembers(stop);
    if (stop.stop_requested())
        co_return;
    if (m_round++ % std::max(1, m_settings.discoverEvery) == 0) {
        co_await discover(stop);
        if (stop.stop_requested())
            co_return;
    }
    m_reading = false;
    publish(answers);
}

QCoro::Task<> EtcdClusterReader::readMembers(std::stop_token stop)
{
    for (size_t i = 0; i < m_clients.size(); ++i) {
        const EtcdClient client = m_clients[i];
        const Result<EtcdMembers> members = co_await client.members(m_settings.deadline, stop);
        if (stop.stop_requested())
            co_return;
        if (!members)
            continue;
        m_members = members->members;
        co_return;
    }
}

QCoro::Task<> EtcdClusterReader::discover(std::stop_token stop)
{
    std::optional<Error> error;
    for (size_t i = 0; i < m_clients.size(); ++i) {
        const EtcdClient client = m_clients[i];
        const EtcdRangeQuery everything{
            .key = Bytes(1, '\0'), .end = Bytes(1, '\0'), .limit = discoveredKeys, .keysOnly = true};
        const Result<EtcdRange> range = co_await client.range(everything, m_settings.deadline, stop);
        if (stop.stop_requested())
            co_return;
        if (!range) {
            error = range.error();
            continue;
        }
        QSet<QString> found;
        for (const EtcdKeyValue &key : range->keys) {
            if (const auto election = electionOfKey(key); election && found.size() < mostElections)
                found.insert(*election);
        }
        m_state.elections = QStringList(found.cbegin(), found.cend());
        m_state.elections.sort();
        m_state.electionsProblem
            = range->more ? u"etcd holds more than %1 keys; only the oldest were looked at"_s.arg(discoveredKeys) : QString();
        co_return;
    }
    m_state.electionsProblem = error ? u"Other elections cannot be looked for: %1"_s.arg(error->message) : QString();
}

void EtcdClusterReader::publish(const std::vector<Answer> &answers)
{
    EtcdClusterState state;
    state.elections = m_state.elections;
    state.electionsProblem = m_state.electionsProblem;
    state.answered = m_state.answered;
    QHash<quint64, QString> names;
    for (const EtcdMember &member : std::as_const(m_members)) {
        EtcdMemberState one;
        one.member = member;
        names.insert(member.id, nameOf(member));
        state.members.append(std::move(one));
    }
    QSet<QString> alarms;
    for (const Answer &answer : answers) {
        const auto isThis = [&answer](const EtcdMemberState &one) {
            return answer.status ? one.member.id == answer.status->member : isAt(one.member, answer.url);
        };
        auto found = std::find_if(state.members.begin(), state.members.end(), isThis);
        if (found == state.members.end()) {
            state.members.append(EtcdMemberState{});
            found = std::prev(state.members.end());
        }
        if (found->health == EtcdMemberState::Health::Healthy)
            continue; // two endpoints of one member, and the other answered well
        found->endpoint = answer.endpoint;
        if (!answer.status) {
            found->health = EtcdMemberState::Health::Down;
            found->problem = answer.status.error().message;
            continue;
        }
        found->status = *answer.status;
        found->problem = problemOf(*answer.status);
        for (const EtcdAlarm &alarm : answer.alarms) {
            alarms.insert(alarmText(alarm, names.value(alarm.member, QString::number(alarm.member, 16))));
            if (alarm.member == answer.status->member && found->problem.isEmpty())
                found->problem = alarmText(alarm, nameOf(found->member));
        }
        found->health
            = found->problem.isEmpty() ? EtcdMemberState::Health::Healthy : EtcdMemberState::Health::Impaired;
        state.answered = m_clock.now();
    }
    std::ranges::sort(state.members, {}, [](const EtcdMemberState &one) { return std::pair(nameOf(one.member), one.endpoint); });
    state.alarms = QStringList(alarms.cbegin(), alarms.cend());
    state.alarms.sort();
    judgeLeaders(state);
    if (state.problem.isEmpty())
        state.problem = m_badEndpoints;
    if (state == m_state)
        return;
    m_state = std::move(state);
    emit changed();
}

} // namespace countersign
