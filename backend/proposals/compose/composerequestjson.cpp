#include "backend/proposals/compose/composerequestjson.h"

#include "backend/proposals/compose/actionfields.h"
#include "backend/proposals/memberreader.h"
#include "backend/proposals/proposaljson.h"

#include <QJsonArray>
#include <QJsonObject>

#include <type_traits>
#include <utility>

namespace countersign {

namespace {

constexpr auto requestKind = "countersign.request"_L1;
constexpr qsizetype maxChains = 32;
constexpr qsizetype maxArguments = 64;
constexpr qsizetype maxHashes = 16;
constexpr std::array methodIds{"byNonce"_L1, "bySalt"_L1, "arachnid"_L1, "safeSingletonFactory"_L1};

QJsonArray textArray(const QStringList &texts)
{
    return QJsonArray::fromStringList(texts);
}

QJsonObject actionJson(ComposeAction action)
{
    QJsonObject object{{u"step"_s, actionIds.at(action.index())}};
    visitFields(action, [&object]<class T>(QLatin1StringView name, const T &member) {
        if constexpr (std::is_same_v<T, QString>)
            object.insert(name, member);
        else if constexpr (std::is_same_v<T, QStringList>)
            object.insert(name, textArray(member));
        else if constexpr (std::is_same_v<T, QByteArray>)
            object.insert(name, toHex(member));
        else if constexpr (std::is_same_v<T, bool>)
            object.insert(name, member ? u"1"_s : u"0"_s);
        else
            object.insert(name, methodIds.at(static_cast<size_t>(member)));
    });
    return object;
}

template <size_t I = 0> ComposeAction blankOf(size_t index)
{
    if constexpr (I + 1 < std::variant_size_v<ComposeAction>) {
        if (index != I)
            return blankOf<I + 1>(index);
    }
    return ComposeAction(std::in_place_index<I>);
}

QStringList readTexts(MemberReader &reader, QLatin1StringView name, qsizetype most)
{
    QStringList texts;
    for (const JsonView &item : reader.list(name, most)) {
        if (!item.isString())
            reader.note(u"%1 is no list of texts"_s.arg(name));
        texts.append(item.toString());
    }
    return texts;
}

ComposeAction readAction(MemberReader &reader)
{
    const QString id = reader.text("step"_L1);
    const auto found = std::ranges::find(actionIds, id);
    if (found == actionIds.end()) {
        reader.note(u"“%1” is no kind of step"_s.arg(id));
        return CancelNonceAction{};
    }
    ComposeAction action = blankOf(static_cast<size_t>(found - actionIds.begin()));
    visitFields(action, [&reader]<class T>(QLatin1StringView name, T &member) {
        if constexpr (std::is_same_v<T, QString>) {
            member = reader.text(name);
        } else if constexpr (std::is_same_v<T, QStringList>) {
            member = readTexts(reader, name, maxArguments);
        } else if constexpr (std::is_same_v<T, QByteArray>) {
            member = reader.bytes(name);
        } else if constexpr (std::is_same_v<T, bool>) {
            const QString text = reader.text(name);
            if (text != "0"_L1 && text != "1"_L1)
                reader.note(u"%1 is neither 0 nor 1"_s.arg(name));
            member = text == "1"_L1;
        } else {
            const QString text = reader.text(name);
            const auto method = std::ranges::find(methodIds, text);
            if (method == methodIds.end())
                reader.note(u"“%1” is no way to create a contract"_s.arg(text));
            else
                member = static_cast<T>(method - methodIds.begin());
        }
    });
    reader.finish();
    return action;
}

} // namespace

Bytes composeRequestToJson(const ComposeRequest &request)
{
    QJsonObject object = frameOf(requestKind);
    object.insert("title"_L1, request.title);
    object.insert("rationale"_L1, request.rationale);
    QStringList chains;
    for (const ChainId chain : request.chains)
        chains.append(QString::number(chain.value()));
    object.insert("chains"_L1, textArray(chains));
    QJsonArray actions;
    for (const ComposeAction &action : request.actions)
        actions.append(actionJson(action));
    object.insert("actions"_L1, actions);
    if (request.nonce)
        object.insert("nonce"_L1, request.nonce->toDecimal());
    if (request.expiresAt)
        object.insert("expiresAt"_L1, decimal(*request.expiresAt));
    if (request.notBefore)
        object.insert("notBefore"_L1, decimal(*request.notBefore));
    if (!request.replaces.isZero())
        object.insert("replaces"_L1, request.replaces.toString());
    if (!request.previousEnvelope.isZero())
        object.insert("previousEnvelope"_L1, request.previousEnvelope.toString());
    QStringList hashes;
    for (const Hash32 &hash : request.dependsOn)
        hashes.append(hash.toString());
    object.insert("dependsOn"_L1, textArray(hashes));
    object.insert("links"_L1, textArray(request.links));
    QJsonArray documents; // the files themselves stay where they are
    for (const ComposeDocument &document : request.documents)
        documents.append(QJsonObject{{u"name"_s, document.attachment.name}, {u"mediaType"_s, document.attachment.mediaType},
            {u"size"_s, QString::number(document.attachment.size)},
            {u"contentHash"_s, document.attachment.contentHash.toString()}});
    if (!documents.isEmpty())
        object.insert("documents"_L1, documents);
    return canonicalJson(object);
}

Result<ComposeRequest> composeRequestFromJson(QByteArrayView file)
{
    const auto text = exchangeText(file, maxComposeRequestBytes);
    if (!text)
        return std::unexpected(text.error());
    MemberReader reader(text->root(), {});
    readFrame(reader, requestKind);
    ComposeRequest request;
    request.title = reader.text("title"_L1);
    request.rationale = reader.text("rationale"_L1);
    for (const QString &chain : readTexts(reader, "chains"_L1, maxChains)) {
        bool isNumber = false;
        request.chains.append(ChainId(chain.toULongLong(&isNumber)));
        if (!isNumber)
            reader.note(u"“%1” is no chain id"_s.arg(chain));
    }
    for (const JsonView &item : reader.list("actions"_L1, maxComposeActions)) {
        MemberReader part(item, u"actions."_s);
        request.actions.append(readAction(part));
        reader.finish(part);
    }
    if (reader.has("nonce"_L1))
        request.nonce = reader.number("nonce"_L1);
    if (reader.has("expiresAt"_L1))
        request.expiresAt = reader.time("expiresAt"_L1);
    if (reader.has("notBefore"_L1))
        request.notBefore = reader.time("notBefore"_L1);
    if (reader.has("replaces"_L1))
        request.replaces = reader.hash("replaces"_L1);
    if (reader.has("previousEnvelope"_L1))
        request.previousEnvelope = reader.hash("previousEnvelope"_L1);
    for (const QString &hash : readTexts(reader, "dependsOn"_L1, maxHashes)) {
        const auto parsed = Hash32::parse(hash);
        if (parsed)
            request.dependsOn.append(*parsed);
        else
            reader.note(u"“%1” is no hash"_s.arg(hash));
    }
    request.links = readTexts(reader, "links"_L1, maxHashes);
    if (reader.has("documents"_L1)) {
        for (const JsonView &item : reader.list("documents"_L1, maxAttachments)) {
            MemberReader part(item, u"documents."_s);
            request.documents.append(ComposeDocument{{part.text("name"_L1), part.text("mediaType"_L1),
                                                         part.number64("size"_L1), part.hash("contentHash"_L1)},
                {}});
            reader.finish(part);
        }
    }
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, u"This is no draft of this console: %1"_s.arg(*reader.problem()));
    return ifCanonical(std::move(request), file, composeRequestToJson);
}

} // namespace countersign
