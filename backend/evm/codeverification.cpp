#include "backend/evm/codeverification.h"

#include "backend/evm/abi.h"
#include "backend/evm/codecomparison.h"
#include "backend/evm/proxycode.h"

#include <QSet>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype mostRuntimeCode = 24'576; // EIP-170
constexpr qsizetype mostInitCode = 49'152; // EIP-3860
constexpr qsizetype wordSize = 32;
constexpr char push20 = '\x73';
constexpr char push32 = '\x7f';

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"code.verify"_s);
}

QString at(qsizetype position)
{
    return u" (byte "_s + QString::number(position) + u')';
}

// Whether the build leaves room for an operand there: the instruction, then zeros.
bool isOperand(QByteArrayView build, const CodeRange &range, char instruction, qsizetype size)
{
    if (range.length != size || range.start < 1 || range.start + range.length > build.size() || build[range.start - 1] != instruction)
        return false;
    const QByteArrayView operand = build.sliced(range.start, range.length);
    return std::ranges::all_of(operand, [](char byte) { return byte == '\0'; });
}

// Solidity's names of types that the ABI knows by others.
Result<AbiType> abiTypeOf(const QString &type)
{
    if (type.startsWith(u"contract ") || type == u"address payable")
        return AbiType::makeAddress();
    if (type.startsWith(u"enum "))
        return AbiType::makeUint(8);
    return AbiType::parse(type);
}

class Verification final {
public:
    Verification(const ContractArtifact &artifact, const CodeQuestion &question)
        : m_artifact(artifact)
        , m_question(question)
    {
    }

    Result<CodeVerdict> run()
    {
        if (auto checked = check(); !checked)
            return std::unexpected(checked.error());
        if (auto expected = expectedArguments(); !expected)
            return std::unexpected(expected.error());
        if (m_question.initCode)
            verifyInitCode(*m_question.initCode);
        if (m_question.deployed)
            verifyDeployed(*m_question.deployed);
        return std::move(m_verdict);
    }

private:
    Result<void> check() const
    {
        if (!m_question.deployed && !m_question.initCode)
            return bad(u"There is no code to verify: give the deployed code, or the code that creates it."_s);
        const auto checkLinks = [](const std::vector<CodeLink> &links, const Bytes &code) -> Result<void> {
            for (const CodeLink &link : links) {
                for (const CodeRange &range : link.ranges) {
                    if (!isOperand(code, range, push20, Address::size))
                        return bad(u"The artifact links "_s + link.library + u" where its code pushes no address"_s + at(range.start));
                }
            }
            return {};
        };
        if (auto checked = checkLinks(m_artifact.links(), m_artifact.unlinkedCreationCode()); !checked)
            return checked;
        if (auto checked = checkLinks(m_artifact.runtimeLinks(), m_artifact.runtimeCode()); !checked)
            return checked;
        for (const CodeImmutable &immutable : m_artifact.immutables()) {
            for (const CodeRange &range : immutable.ranges) {
                if (!isOperand(m_artifact.runtimeCode(), range, push32, wordSize))
                    return bad(u"The artifact has immutable "_s + immutable.id + u" where its code pushes no word"_s + at(range.start));
            }
        }
        QSet<QString> used;
        for (const CodeLink &link : m_artifact.links())
            used.insert(link.library);
        for (const CodeLink &link : m_artifact.runtimeLinks())
            used.insert(link.library);
        for (auto library = m_question.libraries.begin(); library != m_question.libraries.end(); ++library) {
            if (!used.contains(library.key()))
                return bad(m_artifact.contractName() + u" uses no library "_s + library.key());
        }
        return {};
    }

    // The arguments as bytes, and as values for messages.
    Result<void> expectedArguments()
    {
        const auto &inputs = m_artifact.abi().constructorInputs();
        if (const auto *values = std::get_if<std::vector<AbiValue>>(&m_question.constructorArguments)) {
            auto encoded = m_artifact.abi().encodeConstructor(*values);
            if (!encoded)
                return bad(u"The constructor's arguments: "_s + encoded.error().message);
            m_expectedBytes = *std::move(encoded);
            m_expectedValues = *values;
        } else if (const auto *bytes = std::get_if<Bytes>(&m_question.constructorArguments)) {
            auto values_ = abiDecodeStrict(inputs, *bytes);
            if (!values_)
                return bad(u"The constructor's arguments: "_s + values_.error().message);
            m_expectedBytes = *bytes;
            m_expectedValues = *std::move(values_);
        }
        if (m_expectedBytes && !m_question.initCode)
            add(u"constructor.unchecked"_s, u"Deployed code does not show its constructor's arguments: give the creation code to compare them."_s);
        return {};
    }

    void verifyInitCode(const Bytes &code)
    {
        const Bytes &build = m_artifact.unlinkedCreationCode();
        if (code.size() > mostInitCode)
            add(u"init.limit"_s, u"The creation code has more than 49,152 bytes, which Ethereum refuses (EIP-3860)."_s, mostInitCode);
        Bytes expected = build;
        link(m_artifact.links(), code, expected);
        worsen(compareCode(build, expected, code, CodeEnd::Open, "init"_L1, m_verdict.reasons));
        if (m_verdict.match != CodeMatch::Mismatch)
            verifyArguments(QByteArrayView(code).sliced(build.size()), build.size());
    }

    void verifyArguments(QByteArrayView bytes, qsizetype start)
    {
        const auto &inputs = m_artifact.abi().constructorInputs();
        auto values = abiDecodeStrict(inputs, bytes);
        const auto again = values ? abiEncode(inputs, *values) : Result<Bytes>();
        if (!values || !again || *again != bytes) {
            mismatch(u"constructor.encoding"_s, u"Behind the creation code stand no arguments of the constructor: "_s
                         + (values ? u"they are not encoded as the ABI says."_s : values.error().message), start);
            return;
        }
        m_verdict.constructorArguments = *std::move(values);
        if (!m_expectedBytes || *m_expectedBytes == bytes)
            return;
        qsizetype head = start;
        for (size_t i = 0; i < inputs.size(); ++i) {
            const AbiValue &given = m_verdict.constructorArguments[i];
            const AbiType &type = inputs[i].type;
            if (given != m_expectedValues[i]) {
                const QString name = inputs[i].name.isEmpty() ? QString() : u" \""_s + inputs[i].name + u'"';
                mismatch(u"constructor.argument"_s,
                         u"Constructor argument "_s + QString::number(i + 1) + name + u" is "_s + abiToText(type, given) + u", not "_s
                             + abiToText(type, m_expectedValues[i]) + u'.', head);
            }
            head += type.headSize();
        }
    }

    void verifyDeployed(const Bytes &code)
    {
        const Bytes &build = m_artifact.runtimeCode();
        if (code.isEmpty()) {
            mismatch(u"runtime.empty"_s, u"There is no code: nothing is deployed there, or it has destroyed itself."_s, 0);
            return;
        }
        if (code.size() > mostRuntimeCode)
            add(u"runtime.limit"_s, u"The code has more than 24,576 bytes, which Ethereum refuses (EIP-170)."_s, mostRuntimeCode);
        if (build.isEmpty()) {
            mismatch(u"runtime.abstract"_s, m_artifact.contractName() + u" has no code: it is abstract, or an interface."_s, 0);
            return;
        }
        Bytes expected = build;
        link(m_artifact.runtimeLinks(), code, expected);
        fillOwnAddress(code, expected);
        fillImmutables(code, expected);
        const size_t before = m_verdict.reasons.size();
        worsen(compareCode(build, expected, code, CodeEnd::Closed, "runtime"_L1, m_verdict.reasons));
        if (m_verdict.match == CodeMatch::Mismatch)
            explain(code, before);
    }

    // Hints that tell a person what to do about a mismatch.
    void explain(const Bytes &code, size_t before)
    {
        if (const auto proxy = proxyOfCode(code)) {
            const QString target = proxy->implementation ? u" to "_s + proxy->implementation->toString() : QString();
            add(u"runtime.proxy"_s, u"The code is a proxy ("_s + proxyKindName(proxy->kind) + u')' + target + u": verify the code behind it."_s);
        }
        if (m_artifact.knowsImmutables() || before >= m_verdict.reasons.size())
            return;
        const std::optional<qsizetype> reported = m_verdict.reasons[before].position;
        if (!reported)
            return;
        const qsizetype position = *reported;
        const Bytes &build = m_artifact.runtimeCode();
        for (qsizetype start = position - wordSize + 1; start <= position; ++start) {
            if (isOperand(build, {.start = start, .length = wordSize}, push32, wordSize)) {
                add(u"runtime.immutables.unknown"_s,
                    u"The artifact does not say where its immutables are, and the difference may be one: use the build-info, which does."_s, position);
                return;
            }
        }
    }

    // A library's runtime code begins with its own address, which it compares with the one it runs at.
    void fillOwnAddress(const Bytes &code, Bytes &expected)
    {
        const CodeRange range{.start = 1, .length = Address::size};
        const bool isProtected = m_artifact.runtimeCode().sliced(qMin(qsizetype(21), expected.size())).startsWith("\x30\x14")
            && isOperand(m_artifact.runtimeCode(), range, push20, Address::size);
        if (!isProtected || code.size() < range.start + range.length)
            return;
        const QByteArrayView own = QByteArrayView(code).sliced(range.start, range.length);
        m_verdict.libraryAddress = *Address::fromBytes(own);
        if (m_question.address && m_question.address != m_verdict.libraryAddress)
            mismatch(u"runtime.library.address"_s, u"The library believes that it is at "_s + m_verdict.libraryAddress->toString() + u", but it is at "_s
                         + m_question.address->toString() + u'.', range.start);
        else
            expected.replace(range.start, range.length, own.toByteArray());
    }

    void fillImmutables(const Bytes &code, Bytes &expected)
    {
        for (const CodeImmutable &immutable : m_artifact.immutables()) {
            std::optional<QByteArrayView> value;
            for (const CodeRange &range : immutable.ranges) {
                if (range.start + range.length > code.size())
                    break;
                const QByteArrayView word = QByteArrayView(code).sliced(range.start, range.length);
                if (!value)
                    value = word;
                else if (*value != word)
                    mismatch(u"runtime.immutable.disagrees"_s, u"Two places of immutable "_s + labelOf(immutable) + u" hold different values."_s, range.start);
                std::ranges::copy(word, expected.begin() + range.start);
            }
            if (value)
                decodeImmutable(immutable, *value);
        }
    }

    void decodeImmutable(const CodeImmutable &immutable, QByteArrayView word)
    {
        ImmutableValue value{.id = immutable.id, .name = immutable.name, .type = immutable.type, .value = word.toByteArray()};
        const auto type = abiTypeOf(immutable.type);
        if (type && !type->isDynamic() && type->headSize() == wordSize) {
            const auto decoded = abiDecodeWord(*type, word);
            if (decoded)
                value.text = abiToText(*type, *decoded);
            else
                mismatch(u"runtime.immutable.type"_s, u"The value of immutable "_s + labelOf(immutable) + u" is no "_s + immutable.type + u'.',
                         immutable.ranges.front().start);
        }
        m_verdict.immutables.push_back(std::move(value));
    }

    static QString labelOf(const CodeImmutable &immutable) { return immutable.name.isEmpty() ? immutable.id : immutable.name; }

    // Libraries that the question does not name are no match: code behind an unknown address could do anything.
    void link(const std::vector<CodeLink> &links, const Bytes &code, Bytes &expected)
    {
        for (const CodeLink &link : links) {
            const auto address = m_question.libraries.constFind(link.library);
            for (const CodeRange &range : link.ranges) {
                if (address != m_question.libraries.constEnd()) {
                    expected.replace(range.start, range.length, address->bytes());
                } else if (range.start + range.length <= code.size()) {
                    const Bytes used = code.sliced(range.start, range.length);
                    if (range == link.ranges.front())
                        mismatch(u"library.missing"_s, u"The code uses "_s + Address::fromBytes(used)->toString() + u" as library "_s + link.library
                                     + u": verify that one, and name its address."_s, range.start);
                    expected.replace(range.start, range.length, used);
                }
            }
        }
    }

    void add(const QString &code, const QString &text, std::optional<qsizetype> position = {})
    {
        m_verdict.reasons.push_back({.code = code, .text = text, .position = position});
    }

    void mismatch(const QString &code, const QString &text, qsizetype position)
    {
        add(code, text, position);
        m_verdict.match = CodeMatch::Mismatch;
    }

    void worsen(CodeMatch match) { m_verdict.match = std::max(m_verdict.match, match); }

    const ContractArtifact &m_artifact;
    const CodeQuestion &m_question;
    CodeVerdict m_verdict;
    std::optional<Bytes> m_expectedBytes;
    std::vector<AbiValue> m_expectedValues;
};

} // namespace

Result<CodeVerdict> verifyCode(const ContractArtifact &artifact, const CodeQuestion &question)
{
    return Verification(artifact, question).run();
}

QLatin1StringView codeMatchName(CodeMatch match)
{
    switch (match) {
    case CodeMatch::Exact:
        return "exact"_L1;
    case CodeMatch::MetadataDiffers:
        return "metadata-differs"_L1;
    case CodeMatch::Mismatch:
        break;
    }
    return "mismatch"_L1;
}

} // namespace countersign
