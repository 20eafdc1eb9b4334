// Every case of npm @ethersproject/testcases that is about what the engine does, through `countersign-cli batch`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Expectations } from './batch.mjs';
import { projectRoot } from './packages.mjs';

function cases(name) {
  const path = join(projectRoot, 'contracts/node_modules/@ethersproject/testcases/testcases', `${name}.json.gz`);
  return JSON.parse(gunzipSync(readFileSync(path)).toString());
}

const equal = (actual, expected) => assert.equal(String(actual).toLowerCase(), String(expected).toLowerCase());
const parsed = (value) => (typeof value === 'string' ? JSON.parse(value) : value);

/** Runs `describe(expectations, case)` for each case of a file, and prints how many there were. */
function file(name, count, describe) {
  test(name, async (t) => {
    const all = cases(name);
    assert.equal(all.length, count, 'the package has other cases than the test knows');
    const expectations = new Expectations();
    for (const one of all) describe(expectations, one);
    const held = await expectations.hold();
    t.diagnostic(`${name}: ${all.length} cases, ${held} requests, all hold`);
    console.log(`${name.padEnd(24)} ${String(all.length).padStart(5)} of ${count} cases (${held} requests)`);
  });
}

file('accounts', 1038, (expectations, one) => {
  for (const address of [one.address, one.address.toUpperCase().replace('0X', '0x'), one.checksumAddress])
    expectations.add(one.name, { op: 'address.checksum', address }, (result) => assert.equal(result.address, one.checksumAddress));
});

file('hashes', 516, (expectations, one) => {
  expectations.add(one.data.slice(0, 20), { op: 'keccak256', data: one.data }, (result) => equal(result.hash, one.keccak256));
});

file('rlp-coder', 61, (expectations, one) => {
  expectations.add(one.name, { op: 'rlp.encode', item: one.decoded }, (result) => equal(result.data, one.encoded));
  expectations.add(one.name, { op: 'rlp.decode', data: one.encoded }, (result) => assert.deepEqual(result.item, one.decoded));
});

file('solidity-hashes', 2016, (expectations, one) => {
  expectations.add(one.name, { op: 'abi.packed', types: one.types, values: one.values }, (result) => {
    packed.push([one, result.data]);
  });
});
const packed = [];
test('solidity-hashes, the hashes of what was packed', async () => {
  const expectations = new Expectations();
  for (const [one, data] of packed) expectations.add(one.name, { op: 'keccak256', data }, (result) => equal(result.hash, one.keccak256));
  assert.equal(await expectations.hold(), 2016);
});

// {type, value} of these files as the JSON of our values: a tuple's value is a list of such.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  return value.type === 'tuple' ? value.value.map(plain) : value.value;
}
// Numbers in these files are hexadecimal, ours decimal.
function number(value) {
  const text = String(value);
  return (text.startsWith('-0x') ? -BigInt(text.slice(1)) : BigInt(text)).toString();
}
function normal(type, value) {
  if (Array.isArray(value)) return value.map((element) => normal(type, element));
  if (/^u?int/.test(type)) return number(value);
  return lower(value);
}
const lower = (value) => (Array.isArray(value) ? value.map(lower) : typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : value);

for (const [name, count] of [['contract-interface', 2045], ['contract-interface-abi2', 1880]]) {
  file(name, count, (expectations, one) => {
    const types = parsed(one.types);
    // Of the two the normalized ones are within their types; the others are as the compiler was given them.
    const values = plain(parsed(one.normalizedValues ?? one.values));
    expectations.add(one.name, { op: 'abi.encode', types, values }, (result) => equal(result.data, one.result));
    expectations.add(one.name, { op: 'abi.decode', types, data: one.result }, (result) => {
      assert.deepEqual(lower(result.values), lower(values));
      assert.deepEqual(result.deviations, []);
    });
  });
}

file('contract-signatures', 1880, (expectations, one) => {
  expectations.add(one.name, { op: 'abi.selector', signature: one.signature }, (result) => equal(result.selector, one.sigHash));
});

file('contract-events', 2016, (expectations, one) => {
  const types = parsed(one.types);
  const indexed = parsed(one.indexed);
  const hashed = parsed(one.hashed);
  const values = parsed(one.normalizedValues);
  const given = parsed(one.values);
  const isAnonymous = JSON.parse(one.interface).find((entry) => entry.name === 'testEvent').anonymous;
  const isIndexed = (i) => indexed[i] === true;
  if (!isAnonymous)
    expectations.add(one.name, { op: 'abi.selector', signature: `testEvent(${types.join(',')})` }, (result) => equal(result.topic, one.topics[0]));
  const inData = types.map((_, i) => i).filter((i) => !isIndexed(i));
  expectations.add(one.name, { op: 'abi.decode', types: inData.map((i) => types[i]), data: one.data ?? '0x' }, (result) => {
    assert.deepEqual(lower(result.values), inData.map((i) => normal(types[i], values[i])));
  });
  let topic = isAnonymous ? 0 : 1;
  types.forEach((type, i) => {
    if (!isIndexed(i)) return;
    const word = one.topics[topic++];
    if (hashed[i]) {
      // In the log is only the hash: of a text or bytes as they are, of an array with its elements padded.
      expectations.add(one.name, { op: 'abi.packed', types: [type], values: [given[i]] }, (result) => indexedHashes.push([one.name, result.data, word]));
      return;
    }
    expectations.add(one.name, { op: 'abi.decode', types: [type], data: word }, (result) => {
      assert.deepEqual(lower(result.values), [normal(type, values[i])]);
    });
  });
});

const indexedHashes = [];
test('contract-events, the hashes of indexed values', async () => {
  assert.ok(indexedHashes.length > 500);
  const expectations = new Expectations();
  for (const [name, data, word] of indexedHashes) expectations.add(name, { op: 'keccak256', data }, (result) => equal(result.hash, word));
  assert.equal(await expectations.hold(), indexedHashes.length);
});

file('eip712', 1025, (expectations, one) => {
  const typedData = { types: one.types, primaryType: one.primaryType, domain: one.domain, message: one.data };
  let structHash;
  expectations.add(one.name, { op: 'eip712.hash', typedData }, (result) => {
    equal(result.digest, one.digest);
    structHash = result.structHash;
  });
  expectations.add(one.name, { op: 'keccak256', data: one.encoded }, (result) => equal(result.hash, structHash));
  if (one.signature)
    expectations.add(one.name, { op: 'sig.recover', digest: one.digest, signature: one.signature }, (result) =>
      equal(result.address, '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826'));
});

const fieldsOf = (result) => {
  const { raw, from, hash, signingHash, signature, problems, ...tx } = result;
  return tx;
};

const reencoded = [];
function travels(expectations, name, tx, unsigned, signed, address) {
  expectations.add(name, { op: 'tx.encode', tx }, (result) => equal(result.raw, unsigned));
  expectations.add(name, { op: 'tx.decode', raw: unsigned }, (result) => assert.equal(result.hash ?? null, null));
  expectations.add(name, { op: 'tx.decode', raw: signed }, (result) => {
    equal(result.from, address);
    reencoded.push([name, fieldsOf(result), result.signature, signed, result]);
  });
}

file('transactions', 1067, (expectations, one) => {
  const tx = {};
  for (const field of ['nonce', 'gasPrice', 'gasLimit', 'to', 'value', 'data']) if (one[field] !== undefined) tx[field] = one[field];
  travels(expectations, one.name, { type: 0, ...tx }, one.unsignedTransaction, one.signedTransaction, one.accountAddress);
  travels(expectations, `${one.name}, chain 5`, { type: 0, chainId: 5, ...tx }, one.unsignedTransactionChainId5, one.signedTransactionChainId5,
    one.accountAddress);
});

file('typed-transactions', 1792, (expectations, one) => {
  travels(expectations, one.name, one.tx, one.unsigned, one.signed, one.address);
});

test('every signed transaction is encoded again to the same bytes', async () => {
  assert.equal(reencoded.length, 2 * 1067 + 1792);
  const expectations = new Expectations();
  for (const [name, tx, signature, signed, decoded] of reencoded)
    expectations.add(name, { op: 'tx.encode', tx, signature }, (result) => {
      equal(result.raw, signed);
      equal(result.hash, decoded.hash);
      equal(result.signingHash, decoded.signingHash);
      equal(result.from, decoded.from);
    });
  assert.equal(await expectations.hold(), reencoded.length);
});
