#include "app/practice/network/networkoptions.h"

#include "app/practice/network/datafolder.h"
#include "backend/types/strings.h"

#include <QCommandLineParser>

namespace countersign {

namespace {

Result<int> countIn(const QString &option, const QString &text, int least, int most)
{
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    if (!isNumber || number < least || number > most)
        return fail(ErrorKind::Invalid, u"--%1 takes a number from %2 to %3, not \"%4\""_s.arg(option).arg(least).arg(most).arg(text));
    return number;
}

Result<double> shareIn(const QString &option, const QString &text, double least, double most)
{
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    if (!isNumber || !(number >= least && number <= most))
        return fail(ErrorKind::Invalid, u"--%1 takes a number from %2 to %3, not \"%4\""_s.arg(option).arg(least).arg(most).arg(text));
    return number;
}

} // namespace

Result<NetworkOptions> NetworkOptions::parse(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Starts the practice network on this machine and keeps it running."_s);
    const QCommandLineOption help({u"h"_s, u"help"_s}, u"Shows this help."_s);
    const QCommandLineOption data(u"data"_s, u"Folder for everything the network writes."_s, u"folder"_s, DataFolder::defaultRoot());
    const QCommandLineOption chains(u"chains"_s, u"Number of chains (1 to %1)."_s.arg(mostChains), u"number"_s, u"1"_s);
    const QCommandLineOption relayers(u"relayers"_s, u"Number of relayers (1 to %1)."_s.arg(mostRelayers), u"number"_s, u"3"_s);
    const QCommandLineOption rate(u"rate"_s, u"Intents a second; 0 for none."_s, u"number"_s, u"0.5"_s);
    const QCommandLineOption mix(u"mix"_s, u"Parties that order, by weight."_s, u"party=weight,…"_s);
    const QCommandLineOption failures(u"failures"_s, u"Share of intents that must fail, 0 to 1."_s, u"share"_s, u"0.08"_s);
    const QCommandLineOption detach(u"detach"_s, u"Goes to the background once the network is ready."_s);
    const QCommandLineOption foreground(u"foreground"_s, u"Stays in the foreground (the default)."_s);
    const QCommandLineOption ready(u"ready-file"_s, u"File to write when the network is ready; it names the environment file."_s, u"file"_s);
    const QCommandLineOption modules(u"node-modules"_s, u"Folder of the npm packages (anvil, Safe)."_s, u"folder"_s);
    parser.addOptions({help, data, chains, relayers, rate, mix, failures, detach, foreground, ready, modules});
    if (!parser.parse(QStringList{u"countersign-practice up"_s} + arguments))
        return fail(ErrorKind::Invalid, parser.errorText());
    if (parser.isSet(help))
        return fail(ErrorKind::NotFound, parser.helpText());
    if (!parser.positionalArguments().isEmpty())
        return fail(ErrorKind::Invalid, u"\"%1\" is no option of up"_s.arg(parser.positionalArguments().constFirst()));

    NetworkOptions options;
    const auto chainCount = countIn(u"chains"_s, parser.value(chains), 1, mostChains);
    const auto relayerCount = countIn(u"relayers"_s, parser.value(relayers), 1, mostRelayers);
    const auto perSecond = shareIn(u"rate"_s, parser.value(rate), 0, highestRate);
    const auto failing = shareIn(u"failures"_s, parser.value(failures), 0, 1);
    const auto parties = parser.isSet(mix) ? parseMix(parser.value(mix)) : Result<QList<PartyWeight>>(defaultMix());
    for (const auto *count : {&chainCount, &relayerCount}) {
        if (!*count)
            return std::unexpected(count->error());
    }
    for (const auto *share : {&perSecond, &failing}) {
        if (!*share)
            return std::unexpected(share->error());
    }
    if (!parties)
        return std::unexpected(parties.error());
    options.data = parser.value(data);
    options.chains = *chainCount;
    options.relayers = *relayerCount;
    options.rate = *perSecond;
    options.mix = *parties;
    options.failureShare = *failing;
    options.detach = parser.isSet(detach) && !parser.isSet(foreground);
    options.readyFile = parser.value(ready);
    options.nodeModules = parser.value(modules);
    return options;
}

QList<PartyWeight> defaultMix()
{
    return {{u"treasury-desk"_s, 5}, {u"market-making"_s, 3}, {u"settlement"_s, 2}};
}

Result<QList<PartyWeight>> parseMix(QStringView text)
{
    QList<PartyWeight> mix;
    const QList<PartyWeight> known = defaultMix();
    for (const QStringView entry : text.split(u',', Qt::SkipEmptyParts)) {
        const qsizetype equals = entry.indexOf(u'=');
        const QString party = entry.first(equals < 0 ? entry.size() : equals).trimmed().toString();
        if (std::ranges::find(known, party, &PartyWeight::party) == known.end())
            return fail(ErrorKind::Invalid, u"--mix knows no party \"%1\""_s.arg(party));
        const auto weight = equals < 0 ? Result<double>(1.0) : shareIn(u"mix"_s, entry.sliced(equals + 1).toString(), 0, 1000);
        if (!weight)
            return std::unexpected(weight.error());
        mix.append({party, *weight});
    }
    double total = 0;
    for (const PartyWeight &entry : mix)
        total += entry.weight;
    if (total <= 0)
        return fail(ErrorKind::Invalid, u"--mix names no party with a weight above 0"_s);
    return mix;
}

} // namespace countersign
