// A whole request sig.recover, JSON to JSON, against libsecp256k1's bare recovery of the same signature.
#include "app/cli/batch/batch.h"
#include "backend/types/hash32.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/bench/support/figures.h"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <QCoreApplication>

#include <cstdlib>

using namespace countersign;
using namespace countersign::bench;

namespace {

constexpr int rounds = 45;
constexpr int warmUp = 5;
constexpr size_t perRound = 200;

struct Sample {
    Hash32 digest;
    std::array<unsigned char, 64> compact{};
    int parity = 0;
    QByteArray request;
};

std::vector<Sample> samples(secp256k1_context *context)
{
    const QByteArray secret(32, '\x42');
    std::vector<Sample> made(perRound);
    for (size_t i = 0; i < perRound; ++i) {
        Sample &sample = made[i];
        sample.digest = keccak256(QByteArray::number(static_cast<qulonglong>(i)));
        secp256k1_ecdsa_recoverable_signature signature;
        secp256k1_ecdsa_sign_recoverable(context, &signature, sample.digest.array().data(),
            reinterpret_cast<const unsigned char *>(secret.constData()), nullptr, nullptr);
        secp256k1_ecdsa_recoverable_signature_serialize_compact(context, sample.compact.data(), &sample.parity, &signature);
        sample.request = R"({"id":1,"op":"sig.recover","digest":")" + sample.digest.toString().toLatin1() + R"(","signature":")";
        appendHex(sample.request, QByteArrayView(sample.compact));
        sample.request += QByteArray(1, static_cast<char>(27 + sample.parity)).toHex() + "\"}";
    }
    return made;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
    const auto all = samples(context);
    std::vector<double> ours, bare;
    QByteArray answers;
    for (int round = 0; round < rounds; ++round) {
        answers.truncate(0);
        double start = threadCpuSeconds();
        for (const Sample &sample : all)
            answerRequest(sample.request, answers);
        const double answered = threadCpuSeconds() - start;
        if (answers.count("\"ok\":true") != static_cast<qsizetype>(perRound))
            return 2;
        start = threadCpuSeconds();
        for (const Sample &sample : all) {
            secp256k1_ecdsa_recoverable_signature signature;
            secp256k1_pubkey key;
            if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, sample.compact.data(), sample.parity)
                || !secp256k1_ecdsa_recover(context, &key, &signature, sample.digest.array().data()))
                return 2;
        }
        const double recovered = threadCpuSeconds() - start;
        if (round < warmUp)
            continue;
        ours.push_back(answered);
        bare.push_back(recovered);
    }
    secp256k1_context_destroy(context);
    Figures figures(u"batch-recover"_s);
    figures.add(u"bare recovery"_s, median(bare) / perRound * 1e6, u"us"_s);
    figures.add(u"sig.recover, JSON to JSON / bare secp256k1_ecdsa_recover"_s, median(ours) / median(bare), u"ratio"_s, Bound::AtMost, 1.15, 1.08);
    return figures.print();
}
