#pragma once

#include "ui/charts/chartscene.h"

#include <QByteArray>
#include <QPalette>
#include <QSize>

class QImage;

namespace countersign {

/// The chart as a picture of `size` pixels times `ratio`, on `palette`'s base.
QImage chartImage(const ChartScene &scene, const TimeSpan &span, const QSize &size, qreal ratio, const QPalette &palette);
/// The same as SVG, lines as paths and text as text.
QByteArray chartSvg(const ChartScene &scene, const TimeSpan &span, const QSize &size, const QPalette &palette);
/// One row a time at which any series has a sample in `span`, one column a series (RFC 4180); times are ISO 8601 in UTC
/// with milliseconds, figures whole, a missing one empty. A name that a spreadsheet would take for a formula begins
/// with an apostrophe.
QByteArray chartCsv(const ChartScene &scene, const TimeSpan &span);

/// ISO 8601 in UTC with milliseconds: 2026-03-01T12:00:01.980Z.
QString isoText(qint64 time);
/// One field of a CSV file, quoted where it must be.
QString csvField(const QString &text);

}
