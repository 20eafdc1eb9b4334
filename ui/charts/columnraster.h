#pragma once

#include <QImage>
#include <QPointF>
#include <QVector>

#include <span>
#include <vector>

namespace countersign {

/// Draws what runs from left to right, column by column, straight into an image: several times cheaper than a general
/// painter, which has to sort edges first. Places are device pixels from the upper left of the image.
class ColumnRaster final {
public:
    /// Lowest and highest of the samples of one column, as rows; top > bottom where there is none.
    struct Column {
        float top;
        float bottom;
    };

    /// Empties the image and gives it `size`.
    void begin(const QSize &size);
    bool isBegun() const { return m_begun; }
    void end() { m_begun = false; }
    const QImage &image() const { return m_image; }

    /// On and off lengths in pixels that lines are drawn with from now on; empty for a whole line.
    void setPattern(const QVector<qreal> &lengths);
    /// An antialiased line of round ends and joins; the x of `run` never fall.
    void line(std::span<const QPointF> run, double width, const QColor &color);
    /// One upright stroke a column without antialiasing, rounded as the painter rounds steep lines.
    void columns(std::span<const Column> columns, int thickness, const QColor &color);
    /// Between two heights a column, NaN: nothing there. \a fade: towards the lower edge of the image.
    void area(std::span<const float> first, std::span<const float> second, const QColor &color, bool fade);
    void dot(const QPointF &at, double diameter, const QColor &color);

private:
    void include(int column, double y);
    void spread(std::span<const QPointF> run);
    void dilate(double radius);
    void paintSubColumns(QRgb color);
    void paintColumn(int x, const float *tops, const float *bottoms, QRgb color);
    void blend(QRgb *pixel, QRgb color, unsigned coverage) const;
    bool drawn(int x) const { return m_pattern.empty() || m_pattern[static_cast<std::size_t>(x) % m_pattern.size()]; }

    QImage m_image;
    QRgb *m_bits = nullptr;
    qsizetype m_stride = 0;
    int m_height = 0;
    bool m_begun = false;
    std::vector<char> m_pattern; ///< drawn or not, a pixel of its period each
    std::vector<float> m_low; ///< upper and lower edge of the line in each quarter of a column
    std::vector<float> m_high;
    std::vector<float> m_wideLow;
    std::vector<float> m_wideHigh;
    int m_first = 0;
    int m_last = -1;
    std::vector<int> m_areaTop;
    std::vector<int> m_areaBottom;
};

}
