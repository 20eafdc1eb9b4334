#include "backend/descriptors/descriptorstore.h"

#include "backend/types/strings.h"

#include <QDir>
#include <QFile>
#include <QStringList>

// The resource belongs to a static library, so nothing would register it by itself. The macro must stand outside of any
// namespace.
static void registerResources()
{
    Q_INIT_RESOURCE(descriptors);
}

namespace countersign {

namespace {

Result<QByteArray> textOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::NotFound, u"%1 cannot be read: %2"_s.arg(QFileInfo(path).fileName(), file.errorString()));
    QByteArray text = file.read(Descriptor::maxBytes + 1);
    if (text.size() > Descriptor::maxBytes)
        return fail(ErrorKind::Exhausted, u"%1 is larger than a descriptor may be"_s.arg(QFileInfo(path).fileName()));
    return text;
}

} // namespace

const DescriptorStore &DescriptorStore::shipped()
{
    static const DescriptorStore store = [] {
        registerResources();
        DescriptorStore loaded;
        for (const QString &name : {u"CantonDeFiVault"_s, u"CantonKeyRegistry"_s, u"TreasuryAdapter"_s}) {
            const QString file = name + u".json"_s;
            const auto text = textOf(u":/descriptors/"_s + file);
            auto descriptor = text ? Descriptor::load(file, *text) : Result<Descriptor>(std::unexpected(text.error()));
            // Part of the program: that all of them load is what a test checks.
            if (descriptor)
                loaded.add(*std::move(descriptor), true);
            else
                loaded.m_problems.append({file, descriptor.error().message});
        }
        return loaded;
    }();
    return store;
}

DescriptorStore DescriptorStore::load(const QString &folder)
{
    DescriptorStore store;
    for (const Descriptor &descriptor : shipped().descriptors())
        store.add(descriptor, true);
    store.readFolder(folder);
    return store;
}

void DescriptorStore::readFolder(const QString &folder)
{
    const QDir place(folder);
    if (folder.isEmpty() || !place.exists())
        return;
    QStringList files = place.entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    if (files.size() > maxFiles) {
        m_problems.append({place.dirName(), u"the folder has more files than are read"_s});
        files.resize(maxFiles);
    }
    const auto include = [&place](const QString &name) { return textOf(place.filePath(name)); };
    for (const QString &file : std::as_const(files)) {
        const auto text = textOf(place.filePath(file));
        auto descriptor = text ? Descriptor::load(file, *text, include) : Result<Descriptor>(std::unexpected(text.error()));
        if (descriptor)
            add(*std::move(descriptor));
        else if (descriptor.error().kind != ErrorKind::NotFound || !text)
            m_problems.append({file, descriptor.error().message});
    }
}

void DescriptorStore::add(Descriptor descriptor, bool isOurs)
{
    const Descriptor &added = m_descriptors.emplace_back(std::move(descriptor));
    if (isOurs) {
        m_builds.insert(added.id, &added);
        return;
    }
    for (const Descriptor::Deployment &deployment : added.deployments) {
        const std::pair place(deployment.chainId.value(), deployment.address);
        if (const Descriptor *other = m_contracts.value(place); other && other != &added)
            m_problems.append({added.name, u"%1 describes %2 already"_s.arg(other->name, deployment.address.toString())});
        else
            m_contracts.insert(place, &added);
    }
}

const Descriptor *DescriptorStore::find(ChainId chain, const Address &contract) const
{
    return m_contracts.value(std::pair(chain.value(), contract));
}

} // namespace countersign
