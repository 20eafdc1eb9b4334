#pragma once

#include "backend/proposals/proposaljson.h"
#include "backend/records/recordfile.h"
#include "backend/review/reviewsafetransaction.h"
#include "tests/backend/review/reviewfixture.h"

namespace countersign {

/// Bob approves the test draft that alice proposed, on the fixture's chain.
inline ApprovalRecord testRecord(const ReviewFixture &fixture, bool isRecordSigned = true)
{
    ApprovalRecord record;
    record.program = {u"countersign 0.1.0"_s, u"ab12"_s};
    record.madeAt = Timestamp::fromSeconds(1'700'000'600);
    record.holder = u"bob"_s;
    record.address = bob.address();
    record.envelope = proposalToJson(fixture.item.proposal);
    record.review = reviewSafeTransaction(fixture.item, fixture.context);
    const QString digits = record.review.hashes.safeTx.toString();
    record.comparison = DeviceComparison::of(ComparedHash::SafeTx, digits.sliced(2, 4).toUpper(), digits.last(4));
    record.key.custody = KeyCustody::HardwareBound;
    record.key.provider = u"PKCS#11"_s;
    record.key.manufacturer = u"Yubico"_s;
    record.key.model = u"YubiHSM"_s;
    record.key.serial = u"07550011"_s;
    record.key.address = record.address;
    record.key.hardwareSlot = true;
    record.key.extractable = false;
    record.signature = bob.sign(record.review.hashes.safeTx).normalised();
    record.journal = {41, keccak256("entry 41")};
    if (isRecordSigned)
        record.recordSignature = bob.sign(record.digest()).normalised();
    else
        record.unsignedBecause = u"The key wants the PIN for each signature"_s;
    return record;
}

} // namespace countersign
