#include "backend/safe/safecalls.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesignaturereader.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

/// Real Safes judge blobs that are nearly right, and our reader must say what they say: the same code, or nothing.
class TestSafeSignatureAgreement final : public QObject {
    Q_OBJECT

private:
    static constexpr qsizetype threshold = 2;

    std::unique_ptr<SafeChain> m_safes;
    std::vector<TestKey> m_keys;
    Address m_contract; // an owner that accepts every signature but an empty one
    std::map<QString, Address> m_safeOf;
    QRandomGenerator m_random{20'250'221}; // the same blobs in every run

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }

    std::vector<Address> owners() const
    {
        std::vector<Address> list{m_contract};
        for (const TestKey &key : m_keys)
            list.push_back(key.address());
        return list;
    }

    qsizetype below(qsizetype end) { return static_cast<qsizetype>(m_random.bounded(static_cast<quint32>(end))); }

    // Right signatures by two owners, of any type.
    Bytes right(const Hash32 &hash)
    {
        std::vector<SafeSignature> signatures;
        const qsizetype first = below(static_cast<qsizetype>(m_keys.size()) + 1);
        for (const qsizetype index : {first, (first + 1) % (static_cast<qsizetype>(m_keys.size()) + 1)}) {
            if (index == static_cast<qsizetype>(m_keys.size())) {
                signatures.push_back(SafeSignature::contract(m_contract, Bytes(below(70), 'x')));
                continue;
            }
            const TestKey &key = m_keys[static_cast<size_t>(index)];
            switch (below(3)) {
            case 0:
                signatures.push_back(SafeSignature::ecdsa(key.sign(hash)));
                break;
            case 1:
                signatures.push_back(SafeSignature::ethSign(key.sign(safeEthSignHash(hash))));
                break;
            default:
                signatures.push_back(SafeSignature::approved(key.address()));
            }
        }
        return encodeSafeSignatures(signatures, hash).value();
    }

    // One or two things wrong with it.
    Bytes spoilt(Bytes blob)
    {
        static constexpr std::array<quint8, 12> types = {0, 0, 1, 2, 26, 27, 28, 29, 30, 31, 32, 255};
        for (qsizetype n = below(3); n > 0 && blob.size() >= 130; --n) {
            const qsizetype part = below(2) * 65;
            switch (below(8)) {
            case 0:
                blob[below(blob.size())] = static_cast<char>(below(256));
                break;
            case 1:
                blob[part + 64] = static_cast<char>(types[static_cast<size_t>(below(12))]);
                break;
            case 2:
                blob = blob.sliced(65, 65) + blob.first(65) + blob.sliced(130);
                break;
            case 3:
                blob = blob.first(65) + blob.first(65) + blob.sliced(130);
                break;
            case 4:
                blob.chop(below(blob.size()));
                break;
            case 5:
                blob += Bytes(below(80), static_cast<char>(below(2)));
                break;
            case 6: // a pointer, or what is taken for one
                blob.replace(part + 32, 32, Uint256(static_cast<quint64>(below(240))).toBigEndian());
                break;
            default: // something huge where a pointer or a length stands
                blob.replace(below(2) == 0 || blob.size() < 162 ? part + 32 : 130, 32, Bytes(32, '\xff'));
            }
        }
        return blob;
    }

    // Our reading, with what only the chain knows put in: who has code, and who approves.
    QString foundHere(const Bytes &blob, const SafeHashes &hashes, const Address &sender)
    {
        const auto reading = readSafeSignatures(blob, {.safeTxHash = hashes.safeTxHash,
                                                       .threshold = threshold,
                                                       .version = SafeVersion::parse(version()).value(),
                                                       .preimage = safePreimage(hashes),
                                                       .owners = owners()})
                                 .value();
        const auto firstOf = [&reading](qsizetype entry, bool ofSigner) {
            for (const SafeSignatureFinding &error : reading.errors) {
                if (error.entry == entry && (error.code == "GS026"_L1) == ofSigner)
                    return error.reason == "overflow"_L1 ? u"no reason"_s : QString(error.code);
            }
            return QString();
        };
        if (const QString whole = firstOf(-1, false); !whole.isEmpty())
            return whole;
        for (qsizetype i = 0; i < static_cast<qsizetype>(reading.entries.size()); ++i) {
            const SafeSignatureEntry &entry = reading.entries[static_cast<size_t>(i)];
            if (const QString bytes = firstOf(i, false); !bytes.isEmpty())
                return bytes;
            if (entry.type == SafeSignatureType::Contract && *entry.owner != m_contract)
                return u"no reason"_s; // nobody there who could answer
            if (entry.type == SafeSignatureType::Contract && entry.contractData.isEmpty())
                return u"GS024"_s;
            if (entry.type == SafeSignatureType::Approved && *entry.owner != sender)
                return u"GS025"_s;
            if (const QString signer = firstOf(i, true); !signer.isEmpty())
                return signer;
        }
        return {};
    }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase()
    {
        m_safes = std::make_unique<SafeChain>();
        for (const quint64 secret : {31U, 32U, 33U})
            m_keys.emplace_back(secret);
        m_contract = m_safes->deployRuntime(acceptingOwnerCode());
        for (const QString &release : {u"1.3.0"_s, u"1.4.1"_s, u"1.5.0"_s})
            m_safeOf.emplace(release, m_safes->createSafe(release, owners(), threshold));
    }

    void saysWhatTheContractSays()
    {
        const Address safe = m_safeOf.at(version());
        const auto check = AbiFunction::parse(u"checkNSignatures(bytes32 hash,bytes data,bytes signatures,uint256 count) view").value();
        const Address sender = m_keys.front().address();
        QHash<QString, int> seen;
        for (int i = 0; i < 400; ++i) {
            const SafeHashes hashes = safeHashes(SafeVersion::parse(version()).value(), SafeChain::chainId(), safe,
                                                 {.to = safe, .value = 0, .data = {}, .nonce = static_cast<quint64>(i)});
            const Bytes blob = spoilt(right(hashes.safeTxHash));
            const Bytes call = check.encodeCall({AbiValue(hashes.safeTxHash), safePreimage(hashes), blob, Uint256(threshold)}).value();
            const QString byContract = m_safes->refusalOfCall(sender, safe, call);
            QVERIFY2(foundHere(blob, hashes, sender) == byContract,
                     qPrintable(u"contract \"%1\", here \"%2\", for %3"_s.arg(byContract, foundHere(blob, hashes, sender), toHex(blob))));
            ++seen[byContract];
        }
        // What was compared must not be one thing over and over.
        for (const QString &code : {QString(), u"GS020"_s, u"GS021"_s, u"GS022"_s, u"GS023"_s, u"GS025"_s, u"GS026"_s, u"no reason"_s})
            QVERIFY2(seen.value(code) > 0, qPrintable(u"never seen: \"%1\""_s.arg(code)));
    }
};

QTEST_GUILESS_MAIN(TestSafeSignatureAgreement)
#include "tst_safesignatureagreement.moc"
