#include "backend/descriptors/descriptor.h"

#include "backend/descriptors/descriptorreader.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

// Beside the file and nowhere else: no folder, no URL.
bool isFileName(const QString &name)
{
    const auto isPlain = [](QChar c) { return c.isLetterOrNumber() || c == u'-' || c == u'_' || c == u'.'; };
    return !name.isEmpty() && name.size() <= 200 && !name.startsWith(u'.') && std::ranges::all_of(name, isPlain);
}

Result<Hash32> readInto(Descriptor &descriptor, const QByteArray &json, const Descriptor::Include &include, int depth)
{
    const auto text = JsonText::parse(json, {.maxBytes = Descriptor::maxBytes, .maxDepth = 32, .maxValues = 100'000});
    if (!text)
        return std::unexpected(text.error());
    const JsonView root = text->root();
    if (!root.isObject())
        return fail(ErrorKind::Invalid, u"it is no JSON object"_s);
    Hash32 hash = keccak256(json);
    if (const auto included = root.find("includes")) {
        QString name = included->toString();
        if (name.startsWith("./"_L1))
            name = name.mid(2);
        if (!included->isString() || !isFileName(name))
            return fail(ErrorKind::Invalid, u"it includes what is no file beside it; nothing is fetched"_s, name.left(200));
        if (depth >= Descriptor::maxIncludes || !include)
            return fail(ErrorKind::Exhausted, u"it includes others deeper than is followed"_s);
        const auto inner = include(name);
        if (!inner)
            return std::unexpected(inner.error());
        const auto read = readInto(descriptor, *inner, include, depth + 1);
        if (!read)
            return fail(read.error().kind, u"%1: %2"_s.arg(name, read.error().message), read.error().detail);
        hash = keccak256(json + read->bytes());
    }
    const auto read = DescriptorReader(descriptor).read(root);
    return read ? Result<Hash32>(hash) : Result<Hash32>(std::unexpected(read.error()));
}

} // namespace

Result<Descriptor> Descriptor::load(const QString &name, const QByteArray &json, const Include &include)
{
    Descriptor descriptor;
    descriptor.name = name;
    const auto hash = readInto(descriptor, json, include, 0);
    if (!hash)
        return std::unexpected(hash.error());
    descriptor.hash = *hash;
    return descriptor;
}

const DescriptorFormat *Descriptor::format(Selector selector) const
{
    const auto found = std::ranges::find(formats, std::optional(selector), &DescriptorFormat::selector);
    return found == formats.end() ? nullptr : &*found;
}

} // namespace countersign
