#pragma once

#include "backend/descriptors/descriptor.h"
#include "backend/types/json.h"

namespace countersign {

/// Reads the JSON of a descriptor over what an included one has said already: the including file's word counts.
class DescriptorReader final {
public:
    explicit DescriptorReader(Descriptor &descriptor)
        : m_descriptor(descriptor)
    {
    }

    Result<void> read(JsonView root);

private:
    Result<void> readContext(JsonView context);
    Result<void> readDeployments(JsonView deployments);
    Result<void> readMetadata(JsonView metadata);
    Result<void> readDisplay(JsonView display);
    Result<void> readFormat(JsonView format);
    Result<std::vector<DescriptorField>> readFields(JsonView fields, int depth);
    Result<DescriptorField> readField(JsonView field, int depth);
    Result<void> readVisibility(JsonView rule, DescriptorField &field) const;

    Descriptor &m_descriptor;
    QHash<QString, JsonView> m_definitions;
    qsizetype m_fields = 0;
};

} // namespace countersign
