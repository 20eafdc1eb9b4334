#include "backend/policy/policyquestionjson.h"

#include "backend/evm/abifunction.h"
#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <functional>

namespace countersign {

namespace {

/// Reads the members of one object; the first problem is the one that is told.
class Members final {
public:
    Members(JsonView object, QString where, QString &problem)
        : m_object(object)
        , m_where(std::move(where))
        , m_problem(problem)
    {
        if (!object.isObject())
            note({}, u"is no object"_s);
    }

    std::optional<JsonView> member(QLatin1StringView key)
    {
        m_known.append(key);
        return m_object.find(QUtf8StringView(key.data(), key.size()));
    }
    QString text(QLatin1StringView key)
    {
        const auto value = member(key);
        if (value && !value->isString())
            note(key, u"is no text"_s);
        return value ? value->toString() : QString();
    }
    template <class T>
    std::optional<T> value(QLatin1StringView key, const std::function<Result<T>(const QString &)> &parse)
    {
        const auto given = member(key);
        if (!given)
            return std::nullopt;
        if (!given->isString()) {
            note(key, u"is no text"_s);
            return std::nullopt;
        }
        auto parsed = parse(given->toString());
        if (parsed)
            return *std::move(parsed);
        note(key, u"is wrong: "_s + parsed.error().message);
        return std::nullopt;
    }
    std::optional<Address> address(QLatin1StringView key)
    {
        return value<Address>(key, [](const QString &text) { return Address::parse(text); });
    }
    std::optional<Hash32> hash(QLatin1StringView key)
    {
        return value<Hash32>(key, [](const QString &text) { return Hash32::parse(text); });
    }
    std::optional<Uint256> number(QLatin1StringView key)
    {
        return value<Uint256>(key, [](const QString &text) { return Uint256::parse(text); });
    }
    std::optional<Timestamp> time(QLatin1StringView key) { return value<Timestamp>(key, parseTime); }
    template <class Enum> std::optional<Enum> word(QLatin1StringView key)
    {
        return value<Enum>(key, [](const QString &text) -> Result<Enum> {
            const auto known = fromPolicyWord<Enum>(text);
            if (known)
                return *known;
            return fail(ErrorKind::Invalid, u"there are "_s + policyWords<Enum>().join(u", "_s));
        });
    }
    template <class T> T needed(QLatin1StringView key, const std::optional<T> &value)
    {
        if (!value)
            note(key, u"is missing"_s);
        return value.value_or(T());
    }
    /// Every element of a list, at most 10,000; false when there is no such member.
    bool each(QLatin1StringView key, const std::function<void(JsonView, const QString &)> &read)
    {
        const auto list = member(key);
        if (!list)
            return false;
        if (!list->isArray() || list->size() > 10'000) {
            note(key, u"is no list, or too long"_s);
            return true;
        }
        qsizetype index = 0;
        for (const JsonView element : *list) {
            if (!m_problem.isEmpty())
                break;
            read(element, u"%1%2[%3]"_s.arg(m_where, key).arg(index++));
        }
        return true;
    }
    std::optional<QList<Address>> addresses(QLatin1StringView key)
    {
        QList<Address> all;
        const bool given = each(key, [&](JsonView element, const QString &where) {
            const auto address = element.isString() ? Address::parse(element.toString())
                                                    : Result<Address>(fail(ErrorKind::Invalid, u"no text"_s));
            if (address)
                all.append(*address);
            else
                noteAt(where, u"is no address: "_s + address.error().message);
        });
        return given ? std::optional(all) : std::nullopt;
    }
    void refuseOthers()
    {
        if (!m_object.isObject())
            return;
        for (const JsonView value : m_object) {
            const QString key = value.key().toString();
            if (!m_known.contains(key))
                noteAt(m_where + key.left(48), u"is not known"_s);
        }
    }
    void note(QLatin1StringView key, const QString &what) { noteAt(m_where + key, what); }
    void noteAt(const QString &where, const QString &what)
    {
        if (m_problem.isEmpty())
            m_problem = (where.isEmpty() ? u"the question"_s : where) + u' ' + what;
    }
    QString &problem() { return m_problem; }

    static Result<Timestamp> parseTime(const QString &text)
    {
        const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
        const bool isInRange = time.isValid() && time.date().year() >= 1970 && time.date().year() <= 9999;
        if (!isInRange || !text.endsWith(u'Z'))
            return fail(ErrorKind::Invalid, u"a time reads 2025-03-01T09:30:00Z"_s);
        return Timestamp::fromDateTime(time);
    }

private:
    JsonView m_object;
    QString m_where;
    QString &m_problem;
    QStringList m_known;
};

void readFunction(Members &members, PolicyCall &call)
{
    call.signature = members.text("function"_L1);
    const auto selector = members.value<Selector>("selector"_L1, [](const QString &text) -> Result<Selector> {
        const auto bytes = bytesFromHex(text);
        return bytes ? Selector::fromBytes(*bytes) : Result<Selector>(std::unexpected(bytes.error()));
    });
    call.selector = selector;
    if (call.signature.isEmpty())
        return;
    const auto function = call.signature.size() <= 512 ? AbiFunction::parse(call.signature)
                                                       : fail(ErrorKind::Exhausted, u"it is too long"_s);
    if (!function || function->signature() != call.signature)
        members.note("function"_L1, u"is no canonical signature"_s);
    else if (selector && *selector != Selector::ofSignature(call.signature))
        members.note("selector"_L1, u"is not the function's"_s);
    else
        call.selector = Selector::ofSignature(call.signature);
}

PolicyCall readCall(JsonView json, const QString &where, const Address &safe, QString &problem)
{
    Members members(json, where + u'.', problem);
    PolicyCall call;
    call.safe = members.address("safe"_L1).value_or(safe);
    call.kind = members.needed("kind"_L1, members.word<ActionKind>("kind"_L1));
    const QString operation = members.text("operation"_L1);
    if (operation == u"delegatecall")
        call.operation = SafeOperation::DelegateCall;
    else if (!operation.isEmpty() && operation != u"call")
        members.note("operation"_L1, u"is neither call nor delegatecall"_s);
    call.to = members.needed("to"_L1, members.address("to"_L1));
    call.codeHash = members.hash("codeHash"_L1);
    call.value = members.number("value"_L1).value_or(Uint256());
    readFunction(members, call);
    if (const auto token = members.member("token"_L1)) {
        Members inner(*token, where + u".token."_s, problem);
        call.token = PolicyTokenMove{inner.needed("asset"_L1, inner.address("asset"_L1)),
            inner.needed("amount"_L1, inner.number("amount"_L1)), inner.needed("to"_L1, inner.address("to"_L1))};
        inner.refuseOthers();
    }
    members.each("installs"_L1, [&](JsonView element, const QString &at) {
        Members inner(element, at + u'.', problem);
        InstalledCode code;
        code.role = inner.needed("role"_L1, inner.word<CodeRole>("role"_L1));
        code.address = inner.needed("address"_L1, inner.address("address"_L1));
        code.codeHash = inner.hash("codeHash"_L1);
        inner.refuseOthers();
        call.installs.append(code);
    });
    if (const auto known = members.member("destinationKnown"_L1)) {
        if (known->kind() != JsonView::Kind::Bool)
            members.note("destinationKnown"_L1, u"is neither true nor false"_s);
        call.destinationKnown = known->toBool();
    }
    members.refuseOthers();
    return call;
}

void readPeople(Members &root, PolicyQuestion &question)
{
    question.owners = root.addresses("owners"_L1);
    if (const auto threshold = root.number("threshold"_L1)) {
        question.threshold = threshold->toU64();
        if (!question.threshold)
            root.note("threshold"_L1, u"is too large"_s);
    }
    if (const auto holders = root.member("holders"_L1)) {
        if (!holders->isObject())
            root.note("holders"_L1, u"is no object"_s);
        for (const JsonView holder : *holders) {
            const auto address = holder.isString() ? Address::parse(holder.toString())
                                                   : Result<Address>(fail(ErrorKind::Invalid, u"no text"_s));
            if (!address)
                root.noteAt(u"holders."_s + holder.key().toString().left(48), u"is no address"_s);
            else
                question.holders.insert(holder.key().toString(), *address);
        }
    }
    question.proposer = root.address("proposer"_L1);
    question.approver = root.address("approver"_L1);
    question.executor = root.address("executor"_L1);
    question.approvals = root.addresses("approvals"_L1).value_or(QList<Address>());
    question.acknowledgements = root.addresses("acknowledgements"_L1).value_or(QList<Address>());
    root.each("overrides"_L1, [&](JsonView element, const QString &where) {
        Members inner(element, where + u'.', root.problem());
        PolicyOverride given{inner.text("id"_L1), inner.text("reason"_L1),
            inner.needed("by"_L1, inner.address("by"_L1)),
            inner.needed("secondPerson"_L1, inner.address("secondPerson"_L1))};
        inner.refuseOthers();
        question.overrides.append(given);
    });
}

void readHistory(Members &root, PolicyQuestion &question)
{
    question.createdAt = root.time("createdAt"_L1);
    question.firstSeenAt = root.time("firstSeenAt"_L1);
    question.expiresAt = root.time("expiresAt"_L1);
    question.now = root.time("now"_L1);
    QList<Timestamp> approvals;
    const bool hasApprovals = root.each("recentApprovals"_L1, [&](JsonView element, const QString &where) {
        const auto time = Members::parseTime(element.toString());
        if (!time)
            root.noteAt(where, u"is no time"_s);
        approvals.append(time.value_or(Timestamp()));
    });
    if (hasApprovals)
        question.recentApprovals = approvals;
    QList<PolicySpending> spent;
    const bool hasSpent = root.each("spent"_L1, [&](JsonView element, const QString &where) {
        Members inner(element, where + u'.', root.problem());
        PolicySpending spending{inner.needed("at"_L1, inner.time("at"_L1)), question.chainId, inner.address("asset"_L1),
            inner.needed("amount"_L1, inner.number("amount"_L1))};
        inner.refuseOthers();
        spent.append(spending);
    });
    if (hasSpent)
        question.spent = spent;
    if (const auto fee = root.member("fee"_L1)) {
        Members inner(*fee, u"fee."_s, root.problem());
        question.fee = PolicyFee{
            inner.needed("most"_L1, inner.number("most"_L1)), inner.address("asset"_L1).value_or(Address())};
        inner.refuseOthers();
    }
}

void readPlace(Members &root, PolicyQuestion &question)
{
    const auto chain = root.needed("chainId"_L1, root.number("chainId"_L1)).toU64();
    if (!chain)
        root.note("chainId"_L1, u"is too large"_s);
    question.chainId = ChainId(chain.value_or(0));
    question.safe = root.needed("safe"_L1, root.address("safe"_L1));
    const QString stage = root.text("stage"_L1);
    if (stage == u"execute")
        question.stage = PolicyStage::Execute;
    else if (!stage.isEmpty() && stage != u"sign")
        root.note("stage"_L1, u"is neither sign nor execute"_s);
    const QString environment = root.text("environment"_L1);
    for (const auto kind : {EnvironmentKind::Practice, EnvironmentKind::Test, EnvironmentKind::Production}) {
        if (environment == environmentKindName(kind))
            question.environment = kind;
    }
    if (!environment.isEmpty() && !question.environment)
        root.note("environment"_L1, u"is neither practice, test nor production"_s);
}

} // namespace

Result<PolicyQuestion> policyQuestionFromJson(QByteArray json)
{
    const auto text
        = JsonText::parse(std::move(json), {.maxBytes = 4 * 1024 * 1024, .maxDepth = 8, .maxValues = 200'000});
    if (!text)
        return std::unexpected(text.error());
    PolicyQuestion question;
    QString problem;
    Members root(text->root(), {}, problem);
    readPlace(root, question);
    readPeople(root, question);
    readHistory(root, question);
    const bool hasCalls = root.each("calls"_L1, [&](JsonView element, const QString &where) {
        question.calls.append(readCall(element, where, question.safe, problem));
    });
    if (!hasCalls)
        root.note("calls"_L1, u"is missing"_s);
    root.refuseOthers();
    if (!problem.isEmpty())
        return fail(ErrorKind::Invalid, problem);
    return question;
}

} // namespace countersign
