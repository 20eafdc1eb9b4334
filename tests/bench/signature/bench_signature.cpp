// From a signature of 65 bytes and a digest to an address, against libsecp256k1's bare recovery; and keccak against
// OpenSSL's SHA3.
#include "backend/evm/signature.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "tests/bench/support/figures.h"

#include <openssl/evp.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <QCoreApplication>

#include <cstdlib>
#include <thread>

using namespace countersign;
using namespace countersign::bench;

namespace {

constexpr int rounds = 45;
constexpr int warmUp = 5;
constexpr size_t perRound = 100;
constexpr size_t perWorkers = 10'000;
constexpr size_t distinct = 1'000;

struct Sample {
    Hash32 digest;
    Bytes compact; // r || s || v
    int parity;
};

const unsigned char *raw(QByteArrayView bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

std::vector<Sample> samples(secp256k1_context *context)
{
    const QByteArray secret(32, '\x42');
    std::vector<Sample> made;
    for (size_t i = 0; i < distinct; ++i) {
        Sample sample{keccak256(QByteArray::number(static_cast<qulonglong>(i))), Bytes(65, '\0'), 0};
        secp256k1_ecdsa_recoverable_signature signature;
        secp256k1_ecdsa_sign_recoverable(context, &signature, raw(sample.digest.view()), raw(secret), nullptr, nullptr);
        secp256k1_ecdsa_recoverable_signature_serialize_compact(
            context, reinterpret_cast<unsigned char *>(sample.compact.data()), &sample.parity, &signature);
        sample.compact[64] = static_cast<char>(27 + sample.parity);
        made.push_back(sample);
    }
    return made;
}

Address ours(const Sample &sample)
{
    const auto signature = EvmSignature::fromBytes65(sample.compact);
    const auto address
        = signature ? recoverAddress(sample.digest, *signature) : Result<Address>(std::unexpected(signature.error()));
    if (!address)
        std::exit(2);
    return *address;
}

secp256k1_pubkey bare(const secp256k1_context *context, const Sample &sample)
{
    secp256k1_ecdsa_recoverable_signature signature;
    secp256k1_pubkey key;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, raw(sample.compact), sample.parity)
            != 1
        || secp256k1_ecdsa_recover(context, &key, &signature, raw(sample.digest.view())) != 1)
        std::exit(2);
    return key;
}

void measureRecovery(Figures &figures, const std::vector<Sample> &all, const secp256k1_context *context)
{
    const Address expected = ours(all.front());
    std::vector<double> mine, peer;
    size_t at = 0;
    for (int round = 0; round < rounds; ++round) {
        const size_t first = at;
        double start = threadCpuSeconds();
        for (size_t i = 0; i < perRound; ++i, ++at) {
            if (ours(all[at % distinct]) != expected)
                std::exit(2);
        }
        const double mineTime = threadCpuSeconds() - start;
        start = threadCpuSeconds();
        unsigned sum = 0;
        for (size_t i = 0; i < perRound; ++i)
            sum += bare(context, all[(first + i) % distinct]).data[0];
        const double peerTime = threadCpuSeconds() - start;
        if (round >= warmUp && sum != 0) {
            mine.push_back(mineTime);
            peer.push_back(peerTime);
        }
    }
    figures.add(u"signature to address"_s, median(mine) / perRound * 1e6, u"us"_s);
    figures.add(u"signature to address / bare secp256k1_ecdsa_recover"_s, median(mine) / median(peer), u"ratio"_s,
        Bound::AtMost, 1.10, 1.03);
}

double workersTime(const std::vector<Sample> &all, size_t workers)
{
    const double start = wallSeconds();
    std::vector<std::jthread> threads;
    for (size_t worker = 0; worker < workers; ++worker) {
        threads.emplace_back([&all, worker, workers] {
            for (size_t i = worker; i < perWorkers; i += workers)
                (void)ours(all[i % distinct]);
        });
    }
    threads.clear(); // joins
    return wallSeconds() - start;
}

void measureWorkers(Figures &figures, const std::vector<Sample> &all)
{
    constexpr int pairs = 5;
    std::vector<double> one, two;
    for (int i = 0; i < pairs; ++i) {
        one.push_back(workersTime(all, 1));
        two.push_back(workersTime(all, 2));
    }
    figures.add(u"two workers / one worker, 10k signatures"_s, median(one) / median(two), u"ratio"_s, Bound::AtLeast,
        1.6, 1.85);
}

void measureKeccak(Figures &figures)
{
    constexpr int hashes = 5'000;
    QByteArray input(136, 'k');
    EVP_MD *sha3 = EVP_MD_fetch(nullptr, "SHA3-256", nullptr);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char out[32] = {};
    std::vector<double> mine, peer;
    for (int round = 0; round < rounds; ++round) {
        double start = threadCpuSeconds();
        for (int i = 0; i < hashes; ++i) {
            const Hash32 hash = keccak256(input);
            input[0] = hash.view()[0]; // each depends on the last: nothing can be left out
        }
        const double mineTime = threadCpuSeconds() - start;
        start = threadCpuSeconds();
        for (int i = 0; i < hashes; ++i) {
            if (EVP_DigestInit_ex2(context, sha3, nullptr) != 1
                || EVP_DigestUpdate(context, input.constData(), static_cast<size_t>(input.size())) != 1
                || EVP_DigestFinal_ex(context, out, nullptr) != 1)
                std::exit(2);
            input[0] = static_cast<char>(out[0]);
        }
        const double peerTime = threadCpuSeconds() - start;
        if (round >= warmUp) {
            mine.push_back(mineTime);
            peer.push_back(peerTime);
        }
    }
    EVP_MD_CTX_free(context);
    EVP_MD_free(sha3);
    figures.add(u"keccak-256 of 136 bytes"_s, median(mine) / hashes * 1e9, u"ns"_s);
    figures.add(u"keccak-256 / OpenSSL SHA3-256, 136 bytes"_s, median(mine) / median(peer), u"ratio"_s, Bound::AtMost,
        1.3, 1.15);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
    const auto all = samples(context);
    Figures figures(u"signature"_s);
    measureRecovery(figures, all, context);
    measureWorkers(figures, all);
    measureKeccak(figures);
    secp256k1_context_destroy(context);
    return figures.print();
}
