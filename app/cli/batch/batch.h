#pragma once

#include "backend/types/json.h"

#include <QByteArray>
#include <QByteArrayView>

namespace countersign {

/// Longest line that is read; a longer one is answered with an error, without being kept.
inline constexpr qsizetype longestBatchLine = 16 * 1024 * 1024;

/// Appends the answer to one request, `{"id":…,"ok":…,…}` and a newline.
void answerRequest(QByteArrayView line, QByteArray &answers);

/// Reads requests from one descriptor until its end and writes the answers to another, in order; lines that have
/// arrived together are worked on by all processors. Nothing waits for a line that has not arrived.
/// False when the input cannot be read or the output not be written.
bool answerRequests(int input, int output);

} // namespace countersign
