#include "tests/bench/table/intentworld.h"

#include "backend/types/strings.h"

#include <QFile>

#include <cstring>

namespace countersign::bench {

IntentBatch IntentWorld::add(quint32 count)
{
    static const QStringList vaults{u"treasury"_s, u"market-making"_s, u"settlement"_s};
    static const QStringList chains{u"ethereum"_s, u"polygon"_s, u"arbitrum"_s, u"optimism"_s};
    IntentTexts &texts = store.texts();
    IntentBatch batch{store.size(), count, {}};
    for (quint32 i = 0; i < count; ++i) {
        const quint64 r = m_random();
        IntentRow row;
        for (std::size_t half = 0; half < 2; ++half) { // any 16 bytes do for a key
            const quint64 bits = m_random();
            std::memcpy(row.key.data() + half * 8, &bits, sizeof(bits));
        }
        row.created = clock.now().micros();
        clock.advance(std::chrono::milliseconds(r % 900));
        row.since = static_cast<quint32>(r >> 40) & 0xffff;
        row.phase = (r >> 8) % 100 < 97 ? IntentPhase::Acknowledged : allIntentPhases[(r >> 16) % intentPhaseCount];
        row.amount = static_cast<qint64>((r >> 20) % 1'000'000'000);
        row.amountScale = 2;
        row.nonce = static_cast<qint64>(r % 1'000'000);
        row.vault = static_cast<quint16>(texts.vaults.intern(vaults[static_cast<qsizetype>(r % 3)]));
        row.chain = static_cast<quint16>(texts.chains.intern(chains[static_cast<qsizetype>((r >> 4) % 4)]));
        row.party = static_cast<quint16>(texts.parties.intern(vaults[static_cast<qsizetype>((r >> 6) % 3)]));
        row.asset = static_cast<quint16>(texts.assets.intern(u"USDC"_s));
        const QByteArray id = "intent-" + QByteArray::number(m_random(), 16).rightJustified(16, '0');
        store.append(row, id);
    }
    return batch;
}

double proportionalSetSize()
{
    QFile file(u"/proc/self/smaps_rollup"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("Pss:"))
            return line.mid(4).trimmed().split(' ').first().toDouble() * 1024;
    }
    return 0;
}

} // namespace countersign::bench
