#pragma once

#include "backend/descriptors/descriptor.h"

#include <deque>

namespace countersign {

/// The descriptors that are at hand: those that come with the program, for contracts of its own builds, and those in a
/// folder, for the contracts that they name. Nothing is fetched.
class DescriptorStore final {
public:
    static constexpr qsizetype maxFiles = 2'000;

    DescriptorStore() = default;
    DescriptorStore(const DescriptorStore &) = delete;
    DescriptorStore &operator=(const DescriptorStore &) = delete;
    DescriptorStore(DescriptorStore &&) noexcept = default;
    DescriptorStore &operator=(DescriptorStore &&) noexcept = default;
    ~DescriptorStore() = default;

    struct Problem {
        QString file;
        QString reason;
        friend bool operator==(const Problem &, const Problem &) = default;
    };

    /// Those of the program.
    static const DescriptorStore &shipped();
    /// They, and every *.json in the folder that describes calls; a folder that is not there is an empty one.
    static DescriptorStore load(const QString &folder);

    /// A descriptor for the contracts that it names, or, when \a isOurs, for the build that is its id.
    void add(Descriptor descriptor, bool isOurs = false);

    /// By what a file says; null when none names the contract.
    const Descriptor *find(ChainId chain, const Address &contract) const;
    /// Of a contract that is one of our builds; null when it is none.
    const Descriptor *ofBuild(const QString &contractName) const { return m_builds.value(contractName); }
    const std::deque<Descriptor> &descriptors() const { return m_descriptors; }
    /// Files that could not be used.
    const QList<Problem> &problems() const { return m_problems; }

private:
    void readFolder(const QString &folder);

    std::deque<Descriptor> m_descriptors; // others hold pointers to its elements
    QHash<std::pair<quint64, Address>, const Descriptor *> m_contracts;
    QHash<QString, const Descriptor *> m_builds;
    QList<Problem> m_problems;
};

} // namespace countersign
