#pragma once

#include <QtGlobal>

namespace countersign::journalschema {

constexpr qint64 applicationId = 0x43534a31; // "CSJ1", what file(1) and open() tell a journal by
constexpr qint64 formatNumber = 1;

// The header's row holds the link to a predecessor; the head's row the count and last hash, so that rows cut from the
// end are missed too. A trigger that refuses is an obstacle, not a proof: the proof is the chain.
constexpr auto create = R"(
CREATE TABLE header(one INTEGER PRIMARY KEY CHECK(one = 1), at INTEGER NOT NULL, predecessor_file TEXT NOT NULL,
  predecessor_row INTEGER NOT NULL, predecessor_hash BLOB NOT NULL);
CREATE TABLE entries(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, subject TEXT NOT NULL,
  text TEXT NOT NULL, hash BLOB NOT NULL, evidence BLOB NOT NULL);
CREATE TABLE head(one INTEGER PRIMARY KEY CHECK(one = 1), count INTEGER NOT NULL, hash BLOB NOT NULL);
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER header_no_update BEFORE UPDATE ON header BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER header_no_delete BEFORE DELETE ON header BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER head_no_delete BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
)";
constexpr int triggerCount = 5;

} // namespace countersign::journalschema
