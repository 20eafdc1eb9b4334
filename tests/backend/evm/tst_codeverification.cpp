#include "backend/evm/abi.h"
#include "backend/evm/buildoutput.h"
#include "backend/evm/codeverification.h"
#include "backend/evm/codeverificationjson.h"
#include "tests/backend/evm/codefixture.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address library = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
const Address keeper = address(u"0xd9Db270c1B5E3Bd161E8c8503c55cEABeE709552");
const QString libraryName = u"src/Treasury.sol:Shares"_s;

std::vector<AbiValue> arguments()
{
    return {AbiValue(keeper), AbiValue(Uint256(1'000'000)), AbiValue(true), AbiValue(hex(u"c0ffee00")), AbiValue(u"reserve"_s)};
}

Bytes wordOf(const Address &address)
{
    return Bytes(12, '\0') + address.bytes();
}

// As the constructor would write them.
Bytes filled(const ContractArtifact &artifact, Bytes code)
{
    for (const CodeLink &link : artifact.runtimeLinks()) {
        for (const CodeRange &range : link.ranges)
            code.replace(range.start, range.length, library.bytes());
    }
    for (const CodeImmutable &immutable : artifact.immutables()) {
        Bytes value = Uint256(1).toBigEndian();
        if (immutable.name == u"keeper")
            value = wordOf(keeper);
        else if (immutable.name == u"limit")
            value = Uint256(1'000'000).toBigEndian();
        else if (immutable.name == u"tag")
            value = hex(u"c0ffee00").leftJustified(32, '\0');
        for (const CodeRange &range : immutable.ranges)
            code.replace(range.start, range.length, value);
    }
    return code;
}

bool hasReason(const CodeVerdict &verdict, QStringView code)
{
    return std::ranges::any_of(verdict.reasons, [code](const CodeReason &reason) { return reason.code == code; });
}

QString reasonsOf(const CodeVerdict &verdict)
{
    QString text;
    for (const CodeReason &reason : verdict.reasons)
        text += reason.code + u" @"_s + QString::number(reason.position.value_or(-1)) + u": "_s + reason.text + u'\n';
    return text;
}

} // namespace

class TestCodeVerification final : public QObject {
    Q_OBJECT

private:
    std::optional<ContractArtifact> m_artifact;
    Bytes m_runtime;
    Bytes m_initCode;

    CodeVerdict verify(const CodeQuestion &question) const
    {
        const auto verdict = verifyCode(*m_artifact, question);
        if (!verdict)
            qFatal("%s", qPrintable(verdict.error().message));
        return *verdict;
    }
    CodeQuestion asked() const
    {
        return {.deployed = m_runtime, .initCode = m_initCode, .constructorArguments = arguments(), .libraries = {{libraryName, library}}};
    }

private slots:
    void initTestCase()
    {
        m_artifact = artifactFile(fixturePath(u"foundry-Treasury.json"_s));
        m_runtime = filled(*m_artifact, m_artifact->runtimeCode());
        m_initCode = m_artifact->linkedCreationCode({{libraryName, library}}).value() + m_artifact->abi().encodeConstructor(arguments()).value();
    }

    void findsTheBuildItself()
    {
        const CodeVerdict verdict = verify(asked());
        QVERIFY2(verdict.match == CodeMatch::Exact, qPrintable(reasonsOf(verdict)));
        QVERIFY(verdict.reasons.empty());
        QVERIFY(verdict.constructorArguments == arguments());
        QCOMPARE(verdict.immutables.size(), size_t(4));
        QCOMPARE(verdict.immutables[0].name, u"keeper"_s);
        QCOMPARE(verdict.immutables[0].value, wordOf(keeper));
        QCOMPARE(verdict.immutables[0].text, keeper.toString());
        QCOMPARE(verdict.immutables[1].text, u"1000000"_s);
        QCOMPARE(verdict.immutables[3].text, u"0xc0ffee00"_s);
    }

    void findsEachByteThatIsChangedInDeployedCode()
    {
        int metadata = 0;
        for (qsizetype at = 0; at < m_runtime.size(); ++at) {
            CodeQuestion question = asked();
            (*question.deployed)[at] = static_cast<char>((*question.deployed)[at] ^ 0x20);
            const CodeVerdict verdict = verify(question);
            if (verdict.match == CodeMatch::MetadataDiffers) {
                ++metadata;
                continue;
            }
            // The one immutable with a single place may hold any word of its type: that is what its value is shown for.
            const CodeRange tag = m_artifact->immutables()[3].ranges.front();
            if (m_artifact->immutables()[3].ranges.size() == 1 && at >= tag.start && at < tag.start + 4) {
                QCOMPARE(verdict.match, CodeMatch::Exact);
                QVERIFY(verdict.immutables[3].text != u"0xc0ffee00");
                continue;
            }
            QVERIFY2(verdict.match == CodeMatch::Mismatch, qPrintable(QString::number(at) + reasonsOf(verdict)));
            QVERIFY(!verdict.reasons.empty());
        }
        // Hash and version of two blobs: 34 and 3 bytes each.
        QCOMPARE(metadata, 2 * 37);
    }

    void namesTheFirstByteThatDiffers()
    {
        CodeQuestion question = asked();
        (*question.deployed)[3] = 'x';
        (*question.deployed)[9] = 'x';
        const CodeVerdict verdict = verify(question);
        QCOMPARE(verdict.reasons.front().code, u"runtime.bytes"_s);
        QCOMPARE(verdict.reasons.front().position.value(), qsizetype(3));
    }

    void findsEachByteThatIsChangedInCreationCode()
    {
        int metadata = 0;
        for (qsizetype at = 0; at < m_initCode.size(); ++at) {
            CodeQuestion question = asked();
            (*question.initCode)[at] = static_cast<char>((*question.initCode)[at] ^ 0x20);
            const CodeVerdict verdict = verify(question);
            metadata += verdict.match == CodeMatch::MetadataDiffers;
            QVERIFY2(verdict.match != CodeMatch::Exact, qPrintable(QString::number(at)));
        }
        QCOMPARE(metadata, 2 * 37);
    }

    void tellsMetadataFromInstructions_data()
    {
        QTest::addColumn<QString>("contract");
        QTest::addColumn<QString>("variant");
        QTest::addColumn<CodeMatch>("runtime");
        QTest::addColumn<CodeMatch>("creation");
        const auto differs = CodeMatch::MetadataDiffers;
        const auto mismatch = CodeMatch::Mismatch;
        QTest::newRow("comment") << u"Treasury"_s << u"comment"_s << differs << differs;
        QTest::newRow("changed") << u"Treasury"_s << u"changed"_s << mismatch << mismatch;
        // Metadata of another length moves the code behind it, and all that points there.
        QTest::newRow("none inside") << u"Treasury"_s << u"none"_s << mismatch << mismatch;
        QTest::newRow("absent inside") << u"Treasury"_s << u"absent"_s << mismatch << mismatch;
        QTest::newRow("library, comment") << u"Shares"_s << u"comment"_s << differs << differs;
        QTest::newRow("library, none") << u"Shares"_s << u"none"_s << differs << mismatch;
        QTest::newRow("library, bzzr1") << u"Shares"_s << u"bzzr1"_s << differs << mismatch;
        QTest::newRow("library, absent") << u"Shares"_s << u"absent"_s << differs << mismatch;
        QTest::newRow("child, none") << u"Pocket"_s << u"none"_s << differs << mismatch;
        QTest::newRow("child, absent") << u"Pocket"_s << u"absent"_s << differs << mismatch;
        QTest::newRow("child, of other sources") << u"Pocket"_s << u"changed"_s << differs << differs;
    }

    void tellsMetadataFromInstructions()
    {
        QFETCH(const QString, contract);
        QFETCH(const QString, variant);
        QFETCH(const CodeMatch, runtime);
        QFETCH(const CodeMatch, creation);
        const auto artifact = artifactFile(fixturePath(u"foundry-%1.json"_s.arg(contract)));
        CodeQuestion question{.deployed = filled(artifact, variantCode(variant, contract, u"runtime"_s, library.bytes())), .libraries = {}};
        if (contract == u"Treasury")
            question.libraries.insert(libraryName, library);
        const auto verdict = verifyCode(artifact, question).value();
        QVERIFY2(verdict.match == runtime, qPrintable(reasonsOf(verdict)));
        QCOMPARE(hasReason(verdict, u"runtime.metadata"), runtime == CodeMatch::MetadataDiffers);
        QVERIFY(verdict.reasons.front().position.has_value());

        Bytes encoded;
        if (contract == u"Treasury")
            encoded = artifact.abi().encodeConstructor(arguments()).value();
        else if (contract == u"Pocket")
            encoded = wordOf(keeper);
        question.deployed.reset();
        question.initCode = variantCode(variant, contract, u"creation"_s, library.bytes()) + encoded;
        const auto created = verifyCode(artifact, question).value();
        QVERIFY2(created.match == creation, qPrintable(reasonsOf(created)));
    }

    void findsMetadataBehindABuildThatHasNone()
    {
        const Bytes build = variantCode(u"absent"_s, u"Shares"_s, u"runtime"_s, {});
        const auto artifact = ContractArtifact::load(QByteArray("{\"contractName\":\"Shares\",\"abi\":[],\"bytecode\":\"0x\",\"deployedBytecode\":\"0x" + build.toHex() + "\"}")).value();
        const auto match = [&](const Bytes &code) { return verifyCode(artifact, {.deployed = code})->match; };
        const Bytes with = variantCode(u"bzzr1"_s, u"Shares"_s, u"runtime"_s, {});
        QCOMPARE(match(build), CodeMatch::Exact);
        QCOMPARE(match(with), CodeMatch::MetadataDiffers);
        QCOMPARE(match(build + '\xfe'), CodeMatch::Mismatch);
        QCOMPARE(match(Bytes(with).replace(build.size(), 1, "\x5b")), CodeMatch::Mismatch);
        QCOMPARE(match(Bytes(with).replace(build.size(), 1, {})), CodeMatch::MetadataDiffers); // legacy builds have the instruction anyway
        QCOMPARE(match(with + "\x5b"), CodeMatch::Mismatch);
    }

    void namesTheConstructorArgumentThatIsWrong()
    {
        const auto wrong = [&](size_t index, const AbiValue &value) {
            CodeQuestion question = asked();
            std::vector<AbiValue> values = arguments();
            values[index] = value;
            question.constructorArguments = values;
            return verify(question);
        };
        const CodeVerdict verdict = wrong(0, AbiValue(library));
        QCOMPARE(verdict.match, CodeMatch::Mismatch);
        QCOMPARE(verdict.reasons.size(), size_t(1));
        QCOMPARE(verdict.reasons.front().code, u"constructor.argument"_s);
        QVERIFY(verdict.reasons.front().text.contains(u"keeper_"));
        QVERIFY(verdict.reasons.front().text.contains(library.toString()) && verdict.reasons.front().text.contains(keeper.toString()));
        QCOMPARE(verdict.reasons.front().position.value(), m_artifact->unlinkedCreationCode().size());
        QVERIFY(wrong(4, AbiValue(u"another"_s)).reasons.front().text.contains(u"label_"));
        QCOMPARE(wrong(1, AbiValue(Uint256(1))).reasons.front().position.value(), m_artifact->unlinkedCreationCode().size() + 32);

        CodeQuestion encoded = asked();
        encoded.constructorArguments = m_artifact->abi().encodeConstructor(arguments()).value();
        QCOMPARE(verify(encoded).match, CodeMatch::Exact);
        encoded.constructorArguments = Bytes("no encoding");
        QCOMPARE(verifyCode(*m_artifact, encoded).error().kind, ErrorKind::Invalid);
        encoded.constructorArguments = std::vector<AbiValue>{AbiValue(keeper)};
        QCOMPARE(verifyCode(*m_artifact, encoded).error().kind, ErrorKind::Invalid);
        CodeQuestion unseen = asked();
        unseen.initCode.reset();
        QVERIFY(hasReason(verify(unseen), u"constructor.unchecked"));
        QCOMPARE(verify(unseen).match, CodeMatch::Exact);
    }

    void refusesArgumentsThatAreNotEncodedInTheOneWay()
    {
        const auto tail = [&](const Bytes &bytes) {
            CodeQuestion question = asked();
            question.constructorArguments = {};
            question.initCode = m_artifact->linkedCreationCode({{libraryName, library}}).value() + bytes;
            return verify(question);
        };
        const Bytes good = m_artifact->abi().encodeConstructor(arguments()).value();
        QCOMPARE(tail(good).match, CodeMatch::Exact);
        for (const Bytes &bytes : {Bytes(), Bytes(good.chopped(1)), Bytes(good + '\0'), Bytes(good + good), Bytes(Bytes(good).replace(0, 1, "x"))}) {
            const CodeVerdict verdict = tail(bytes);
            QCOMPARE(verdict.match, CodeMatch::Mismatch);
            QVERIFY(hasReason(verdict, u"constructor.encoding"));
        }
        CodeQuestion question = asked();
        question.initCode = m_initCode.first(100);
        QVERIFY(hasReason(verify(question), u"init.size"));
    }

    void wantsLibrariesNamed()
    {
        CodeQuestion question = asked();
        question.libraries = {};
        const CodeVerdict unnamed = verify(question);
        QCOMPARE(unnamed.match, CodeMatch::Mismatch);
        QVERIFY(hasReason(unnamed, u"library.missing"));
        QVERIFY(unnamed.reasons.front().text.contains(library.toString()));
        question.libraries = {{libraryName, keeper}};
        QVERIFY(hasReason(verify(question), u"runtime.bytes"));
        question.libraries = {{libraryName, library}, {u"src/Treasury.sol:Other"_s, keeper}};
        QCOMPARE(verifyCode(*m_artifact, question).error().kind, ErrorKind::Invalid);
    }

    void knowsThatALibraryHoldsItsOwnAddress()
    {
        const auto artifact = artifactFile(fixturePath(u"foundry-Shares.json"_s));
        Bytes code = artifact.runtimeCode();
        code.replace(1, 20, library.bytes());
        CodeQuestion question{.deployed = code, .address = library};
        const auto verdict = verifyCode(artifact, question).value();
        QVERIFY2(verdict.match == CodeMatch::Exact, qPrintable(reasonsOf(verdict)));
        QVERIFY(verdict.libraryAddress == library);
        question.address = keeper;
        QVERIFY(hasReason(verifyCode(artifact, question).value(), u"runtime.library.address"));
        QCOMPARE(verifyCode(artifact, question)->match, CodeMatch::Mismatch);
    }

    void wantsAllPlacesOfAnImmutableToAgreeAndToFitItsType()
    {
        const CodeImmutable &limit = m_artifact->immutables()[1];
        QVERIFY(limit.ranges.size() > 1);
        CodeQuestion question = asked();
        question.deployed->replace(limit.ranges.back().start, 32, Uint256(5).toBigEndian());
        const CodeVerdict verdict = verify(question);
        QCOMPARE(verdict.match, CodeMatch::Mismatch);
        QCOMPARE(verdict.reasons.front().code, u"runtime.immutable.disagrees"_s);
        QVERIFY(verdict.reasons.front().text.contains(u"limit"));
        for (const CodeRange &range : limit.ranges)
            question.deployed->replace(range.start, 32, Uint256::max().toBigEndian());
        QVERIFY(hasReason(verify(question), u"runtime.immutable.type")); // no uint64
    }

    void trustsNoArtifactThatBlanksItsCode()
    {
        const auto artifact = [](const QByteArray &immutables, const QByteArray &links) {
            const QByteArray head = "{\"contractName\":\"C\",\"abi\":[],\"bytecode\":\"0x00\",\"deployedBytecode\":\"0x" + QByteArray(200, '0') + "\"";
            return ContractArtifact::load(QByteArray(head + ",\"immutableReferences\":" + immutables + ",\"deployedLinkReferences\":" + links + "}"));
        };
        const CodeQuestion question{.deployed = Bytes(100, 'x')};
        QCOMPARE(verifyCode(artifact(R"({"1":[{"start":1,"length":32},{"start":40,"length":32}]})", "{}").value(), question).error().kind, ErrorKind::Invalid);
        QVERIFY(!artifact("{}", R"({"l":{"L":[{"start":1,"length":20}]}})").has_value());
        QCOMPARE(verifyCode(*m_artifact, {}).error().kind, ErrorKind::Invalid);
    }

    void saysWhatElseTheCodeIs()
    {
        const auto reasons = [&](const Bytes &code) {
            CodeQuestion question = asked();
            question.initCode.reset();
            question.constructorArguments = {};
            question.deployed = code;
            return verify(question);
        };
        QVERIFY(hasReason(reasons({}), u"runtime.empty"));
        const Bytes minimal = hex(u"363d3d373d3d3d363d73") + keeper.bytes() + hex(u"5af43d82803e903d91602b57fd5bf3");
        QVERIFY(hasReason(reasons(minimal), u"runtime.proxy"));
        QVERIFY(reasons(minimal).reasons.back().text.contains(keeper.toString()));
        QVERIFY(hasReason(reasons(hex(u"ef0100") + keeper.bytes()), u"runtime.proxy"));
        QVERIFY(hasReason(reasons(Bytes(25'000, '\0')), u"runtime.limit"));
        CodeQuestion large = asked();
        large.initCode = m_initCode + Bytes(50'000, '\0');
        QVERIFY(hasReason(verify(large), u"init.limit"));
    }

    void pointsToTheBuildInfoWhenAnArtifactHasNoImmutables()
    {
        const auto artifact = artifactFile(QStringLiteral(COUNTERSIGN_CONTRACTS)
                                           + u"/node_modules/@safe-global/safe-contracts/build/artifacts/contracts/libraries/MultiSend.sol/MultiSend.json"_s);
        Bytes code = artifact.runtimeCode();
        code.replace(224, 32, wordOf(keeper));
        const auto verdict = verifyCode(artifact, {.deployed = code}).value();
        QCOMPARE(verdict.match, CodeMatch::Mismatch);
        QVERIFY(hasReason(verdict, u"runtime.immutables.unknown"));
    }

    void answersARequestInJson()
    {
        QFile file(fixturePath(u"standard-output.json"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray artifact = file.readAll();
        const auto answer = [&](const QByteArray &members) -> Result<QByteArray> {
            const auto text = JsonText::parse("{\"contract\":\"Treasury\",\"artifact\":" + artifact + ',' + members + '}', ContractArtifact::jsonLimits());
            if (!text)
                return std::unexpected(text.error());
            const auto verdict = verifyCodeFromJson(text->root());
            return verdict ? Result<QByteArray>(toJson(*verdict)) : std::unexpected(verdict.error());
        };
        const QByteArray deployed = "\"deployed\":\"0x" + m_runtime.toHex() + "\"";
        const QByteArray libraries = ",\"libraries\":{\"" + libraryName.toUtf8() + "\":\"" + library.toString().toUtf8() + "\"}";
        const auto exact = answer(deployed + libraries + ",\"initCode\":\"0x" + m_initCode.toHex() + "\",\"constructorArgs\":[\"" + keeper.toString().toUtf8()
                                  + "\",1000000,true,\"0xc0ffee00\",\"reserve\"]");
        QVERIFY2(exact.has_value(), qPrintable(exact ? QString() : exact.error().message));
        const auto read = JsonText::parse(*exact).value();
        QCOMPARE(read.root().find("match")->toString(), u"exact"_s);
        QCOMPARE(read.root().find("immutables")->size(), qsizetype(4));
        QCOMPARE(read.root().find("immutables")->find("34")->toString(), toHex(wordOf(keeper)));
        QCOMPARE(read.root().find("variables")->find("34")->find("name")->toString(), u"keeper"_s);
        QCOMPARE(read.root().find("reasons")->size(), qsizetype(0));
        const auto encoded = answer(deployed + libraries + ",\"initCode\":\"0x" + m_initCode.toHex() + "\",\"constructorArgs\":\"0x"
                                    + m_artifact->abi().encodeConstructor(arguments()).value().toHex() + "\"");
        QCOMPARE(encoded.value(), exact.value());
        const auto mismatch = JsonText::parse(answer(deployed).value()).value();
        QCOMPARE(mismatch.root().find("match")->toString(), u"mismatch"_s);
        QCOMPARE((*mismatch.root().find("reasons")->begin()).find("position")->toString(), u"595"_s);

        QVERIFY(answer(R"("deployed":"60")").error().message.startsWith(u"deployed"));
        QVERIFY(answer(R"("deployed":5)").error().message.startsWith(u"deployed"));
        QVERIFY(answer(deployed + R"(,"libraries":{"a:B":"0x12"})").error().message.startsWith(u"libraries.a:B"));
        QVERIFY(answer(deployed + R"(,"constructorArgs":[])").error().message.startsWith(u"constructorArgs"));
        QVERIFY(answer(R"("initCode":null)").error().message.contains(u"no code"));
    }
};

QTEST_GUILESS_MAIN(TestCodeVerification)
#include "tst_codeverification.moc"
