#include "app/console/commandline.h"

#include "backend/types/strings.h"

#include <QCommandLineParser>

namespace countersign {

namespace {

void describe(QCommandLineParser &parser)
{
    parser.setApplicationDescription(u"Countersign: watch what governs your vaults, and sign what changes them."_s);
    parser.addOptions({
        {u"environment"_s, u"Environment file to serve (YAML)."_s, u"FILE"_s},
        {u"page"_s, u"Page to open first: overview, intents, approvals, journal."_s, u"PAGE"_s},
        {u"theme"_s, u"light, dark or system; for a tour also both."_s, u"THEME"_s},
        {u"tour"_s, u"Visit every page and dialog, write a PNG of each into DIR, and end."_s, u"DIR"_s},
        {u"size"_s, u"Window size, e.g. 1366x768."_s, u"WxH"_s},
        {u"confidential"_s, u"Write to the shared folder for the owners of each Safe only, who have announced encryption keys."_s},
        {u"scale"_s, u"Device pixels a pixel, e.g. 2."_s, u"N"_s},
        {{u"h"_s, u"help"_s}, u"Say this."_s},
        {{u"v"_s, u"version"_s}, u"Say the version."_s},
    });
    QCommandLineOption report(u"report-start"_s);
    report.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOption(report);
}

} // namespace

QString CommandLine::helpText()
{
    QCommandLineParser parser;
    describe(parser);
    return parser.helpText();
}

Result<CommandLine> CommandLine::parse(const QStringList &arguments)
{
    QCommandLineParser parser;
    describe(parser);
    if (!parser.parse(arguments))
        return countersign::fail(ErrorKind::Invalid, parser.errorText());
    CommandLine line;
    line.help = parser.isSet(u"help"_s);
    line.version = parser.isSet(u"version"_s);
    line.reportStart = parser.isSet(u"report-start"_s);
    line.confidential = parser.isSet(u"confidential"_s);
    line.environment = parser.value(u"environment"_s);
    line.tour = parser.value(u"tour"_s);
    line.page = parser.value(u"page"_s);
    static const QStringList pages{u"overview"_s, u"intents"_s, u"approvals"_s, u"journal"_s};
    if (!line.page.isEmpty() && !pages.contains(line.page))
        return countersign::fail(
            ErrorKind::Invalid, u"There is no page “%1”; there are %2."_s.arg(line.page, pages.join(u", "_s)));

    const QString theme = parser.value(u"theme"_s);
    if (theme == "light"_L1)
        line.themes = {ThemeMode::Light};
    else if (theme == "dark"_L1)
        line.themes = {ThemeMode::Dark};
    else if (theme == "both"_L1 || (theme.isEmpty() && !line.tour.isEmpty()))
        line.themes = {ThemeMode::Light, ThemeMode::Dark};
    else if (theme.isEmpty() || theme == "system"_L1)
        line.themes = {ThemeMode::System};
    else
        return countersign::fail(
            ErrorKind::Invalid, u"The theme is light, dark, system or both, not “%1”."_s.arg(theme));

    if (const QString size = parser.value(u"size"_s); !size.isEmpty()) {
        const QStringList parts = size.split(u'x');
        line.size = QSize(parts.value(0).toInt(), parts.value(1).toInt());
        line.sized = true;
        if (parts.size() != 2 || line.size.width() < 800 || line.size.height() < 500 || line.size.width() > 16000
            || line.size.height() > 16000)
            return countersign::fail(ErrorKind::Invalid,
                u"A size is WIDTHxHEIGHT of at least 800x500, e.g. 1366x768, not “%1”."_s.arg(size));
    }
    if (const QString scale = parser.value(u"scale"_s); !scale.isEmpty()) {
        line.scale = scale.toDouble();
        if (!(line.scale >= 0.5 && line.scale <= 8))
            return countersign::fail(
                ErrorKind::Invalid, u"The scale is a number from 0.5 to 8, not “%1”."_s.arg(scale));
    }
    if (line.environment.isEmpty())
        line.environment = qEnvironmentVariable("COUNTERSIGN_ENVIRONMENT");
    return line;
}

} // namespace countersign
