#pragma once

#include "backend/evm/decodedtransaction.h"
#include "backend/evm/rlp.h"
#include "tests/backend/evm/values.h"

// Transactions of every type with what is known of them from elsewhere, and ways to break them.
namespace countersign::testing {

/// The key of these is 32 times 0x46.
inline const Address signerOfExamples = address(u"0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F");
inline const Address recipientOfExamples = address(u"0x52908400098527886E0F7030069857D2E4169EE7");

struct SignedExample {
    QString name;
    EvmTransaction transaction;
    QString raw;
    QString signingHash;
    QString hash;
};

inline EvmTransaction exampleOfType(TransactionType type)
{
    const Address to = recipientOfExamples;
    const std::vector<AccessListEntry> accessList{
        {.address = to, .storageKeys = {Hash32::fromBytes(Bytes(32, '\x11')).value()}}};
    EvmTransaction t{.type = type,
        .chainId = ChainId(31337),
        .nonce = Nonce(3),
        .maxPriorityFeePerGas = 1'500'000'000,
        .maxFeePerGas = 30'000'000'000,
        .gasLimit = 100'000,
        .to = to,
        .value = 5,
        .data = hex(u"deadbeef"),
        .accessList = accessList};
    if (!t.hasFeeMarket()) {
        t.maxPriorityFeePerGas = 0;
        t.maxFeePerGas = 0;
        t.gasPrice = 20'000'000'000;
    }
    if (type == TransactionType::Blob) {
        t.maxFeePerBlobGas = 77;
        t.blobVersionedHashes = {hash(u"0x0122222222222222222222222222222222222222222222222222222222222222")};
    }
    if (type == TransactionType::SetCode) {
        t.authorizationList = {{.chainId = 1,
            .address = to,
            .nonce = Nonce(7),
            .yParity = 1,
            .r = hash(u"0x7ac5e4ac68c8eeff4ad8264d778f6d74f96427dc3a225812c973836a34bd61e0"),
            .s = hash(u"0x11773b4b4cf0df3a9e7f747e87210992671de5a3ef9f67bb554046195f7f49be")}};
    }
    return t;
}

/// The legacy one is EIP-155's own example; the others are signed by ethers 6.
inline std::vector<SignedExample> signedExamples()
{
    const EvmTransaction eip155{.type = TransactionType::Legacy,
        .chainId = ChainId(1),
        .nonce = Nonce(9),
        .gasPrice = 20'000'000'000,
        .gasLimit = 21'000,
        .to = address(u"0x3535353535353535353535353535353535353535"),
        .value = 1'000'000'000'000'000'000};
    const EvmTransaction bare{.type = TransactionType::Legacy,
        .nonce = Nonce(9),
        .gasPrice = 20'000'000'000,
        .gasLimit = 21'000,
        .to = recipientOfExamples,
        .value = 1};
    return {
        {u"EIP-155"_s, eip155,
            u"f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
            "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a0"
            "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"_s,
            u"0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"_s,
            u"0x33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788"_s},
        {u"legacy"_s, bare,
            u"f864098504a817c8008252089452908400098527886e0f7030069857d2e4169ee701801ca0"
            "4b6ae541479e0f0ffa9ae2e4a1be443d418cf3f6f3e5b1bd3d22a4bbaca10e05a0"
            "3cc3b0a6460dbf00bb96945ce456382ac0bbdc398ef9506dfb9cbbcc1ed4f791"_s,
            u"0x9df31ba8bbb417d3d7a1b27c2f5518d63b6751d883a796ae46d974017bcc9c3a"_s,
            u"0x36623c1c1806943eb447c9e2c24095c102b7a9d1760c27825c73bcaf659bf169"_s},
        {u"EIP-2930"_s, exampleOfType(TransactionType::AccessList),
            u"01f8a6827a69038504a817c800830186a09452908400098527886e0f7030069857d2e4169ee70584deadbeef"
            "f838f79452908400098527886e0f7030069857d2e4169ee7e1a0111111111111111111111111111111111111111111111111111111"
            "111111111180a0"
            "2a3a71238335b7a2cb53965408a522673f1b7a16d12a3a99dba77d7560a11275a0"
            "77c5b193de9b3c053944b00408c048713420d9d9160b06432dfe14a73dba23d4"_s,
            u"0xbd5d646e3b09670cf54a77474634f6f060925691a5516e81193c772942461c3e"_s,
            u"0x25797d6f020344ea46b1c6a8e2b7c1d8e3d424ecaf01cd94081df1415a2935f9"_s},
        {u"EIP-1559"_s, exampleOfType(TransactionType::FeeMarket),
            u"02f8ab827a69038459682f008506fc23ac00830186a09452908400098527886e0f7030069857d2e4169ee705"
            "84deadbeeff838f79452908400098527886e0f7030069857d2e4169ee7e1a01111111111111111111111111111111111111111"
            "11111111111111111111111180a0edcbaf5cf424840bbf4c3c10620993d688d056c91e7870b01fdc3544276f3d79a0"
            "5cb9c1628c67f1147bc8e4bcd968bdf6ba8fbc907f7d5ecd2de488b71a659dfa"_s,
            u"0x7bca08dea0179cc1086b5eb8f9d53a7b9d4e77fe0d59c909a915d735f4c5cbe9"_s,
            u"0x98071930eeb1a71e0f6579a4e500fcec28339c86748ba51445e613bdd05a44e4"_s},
        {u"EIP-4844"_s, exampleOfType(TransactionType::Blob),
            u"03f8ce827a69038459682f008506fc23ac00830186a09452908400098527886e0f7030069857d2e4169ee70584deadbeef"
            "f838f79452908400098527886e0f7030069857d2e4169ee7e1a0111111111111111111111111111111111111111111111111111111"
            "11111111114d"
            "e1a0012222222222222222222222222222222222222222222222222222222222222201a0"
            "44c2f8cf514220e80c70a9c776055dff4a5f1152e438f5729a805ae193a0f520a0"
            "5f9da4eed6503409ce2c3832766c4a934f538a12ff0d2e04170b0c872701473c"_s,
            u"0x90736fc76aa13c5162bdc683c2f4deb169c32c8bb0e81c7edb14c529ffeaa97c"_s,
            u"0x1243b2b30473b3d4d80789ee55ea51efa1d393ac127453f57a593d2aac372d4c"_s},
        {u"EIP-7702"_s, exampleOfType(TransactionType::SetCode),
            u"04f90109827a69038459682f008506fc23ac00830186a09452908400098527886e0f7030069857d2e4169ee70584deadbeef"
            "f838f79452908400098527886e0f7030069857d2e4169ee7e1a0111111111111111111111111111111111111111111111111111111"
            "1111111111"
            "f85cf85a019452908400098527886e0f7030069857d2e4169ee70701a0"
            "7ac5e4ac68c8eeff4ad8264d778f6d74f96427dc3a225812c973836a34bd61e0a0"
            "11773b4b4cf0df3a9e7f747e87210992671de5a3ef9f67bb554046195f7f49be01a0"
            "ea3d1ecca245e3cf66747deb81def23f577b37ec42c571df9de88429c939466aa0"
            "1896eb35e3ed92b1206170010f971e5f9359842da659128db9a0b3702484589f"_s,
            u"0x6e55cddd8699971cb663b109012bd928216b95cf31b150b68ac83fb4ae79e950"_s,
            u"0x0e2d84edbbd1c9cbf032cb8e3f074e1392a2106ca21ea2a55c0c94bd99420e79"_s},
    };
}

inline SignedExample signedExample(TransactionType type)
{
    for (SignedExample &example : signedExamples()) {
        if (example.transaction.type == type)
            return example;
    }
    qFatal("no such example");
}

/// The fields of a serialized transaction, to be changed and put together again.
struct TakenApart {
    Bytes typeByte;
    RlpItem::List fields;

    explicit TakenApart(const Bytes &raw)
        : typeByte(static_cast<quint8>(raw.front()) < 0xc0 ? raw.first(1) : Bytes())
        , fields(rlpDecodeStrict(QByteArrayView(raw).sliced(typeByte.size())).value().items())
    {
    }
    explicit TakenApart(TransactionType type)
        : TakenApart(hex(signedExample(type).raw))
    {
    }

    Bytes raw() const { return typeByte + rlpEncode(RlpItem(fields)); }
};

} // namespace countersign::testing
