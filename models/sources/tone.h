#pragma once

#include <QMetaType>

namespace countersign {

/// How a fact is to be felt; views give it colour, shape and word.
enum class Tone { Neutral, Good, Info, Warn, Bad };

} // namespace countersign

Q_DECLARE_METATYPE(countersign::Tone)
