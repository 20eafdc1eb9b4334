// Random transactions of every type, made and signed by ethers and serialized by viem too, through `countersign-cli batch`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Expectations, ask } from './batch.mjs';
import { load } from './packages.mjs';

const { Transaction, Wallet, concat, decodeRlp, encodeRlp, getAddress, hexlify, sha256 } = load('ethers');
const viem = load('viem');

const perType = 60;
const viemTypes = ['legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702'];

// A generator of our own (Knuth's MMIX constants), so that a failure comes again.
let state = 20260822n;
function bytes(count) {
  let digits = '';
  while (digits.length < 2 * count) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    digits += ((state >> 16n) & 0xffffffffn).toString(16).padStart(8, '0');
  }
  return '0x' + digits.slice(0, 2 * count);
}
const below = (limit) => Number(BigInt(bytes(4)) % BigInt(limit));
const number = (most) => BigInt(bytes(1 + below(most)));
const account = () => getAddress(bytes(20));
const list = (most, make) => Array.from({ length: below(most + 1) }, make);

function authorization() {
  const authority = new Wallet(bytes(32));
  const { address, chainId, nonce, signature } = authority.authorizeSync({
    address: account(),
    chainId: below(2) ? 0n : number(4),
    nonce: number(6),
  });
  return { ethers: { address, chainId, nonce, signature }, authority: authority.address };
}

/** What ethers, viem and we call the same transaction. */
function randomTransaction(type) {
  const common = {
    type,
    nonce: below(100000),
    gasLimit: 21000n + number(3),
    to: type > 2 || below(4) ? account() : null,
    value: below(3) ? number(20) : 0n,
    data: bytes(below(300)),
  };
  if (type > 0 || below(3)) common.chainId = 1n + number(5);
  if (type < 2) {
    common.gasPrice = number(8);
  } else {
    common.maxFeePerGas = number(8);
    common.maxPriorityFeePerGas = common.maxFeePerGas / BigInt(1 + below(4));
  }
  if (type > 0) common.accessList = list(3, () => ({ address: account(), storageKeys: list(3, () => bytes(32)) }));
  const blobs = type === 3 ? [bytes(48), bytes(48)].slice(below(2)).map((commitment) => ({ commitment, proof: bytes(48) })) : [];
  if (type === 3) {
    common.maxFeePerBlobGas = number(6);
    common.blobVersionedHashes = blobs.map(({ commitment }) => '0x01' + sha256(commitment).slice(4));
  }
  const authorizations = type === 4 ? [authorization(), ...list(2, authorization)] : [];
  const ethersForm = type === 4 ? { ...common, authorizationList: authorizations.map((one) => one.ethers) } : common;
  const ours = { ...common };
  if (type === 4)
    ours.authorizationList = authorizations.map(({ ethers: { address, chainId, nonce, signature }, authority }) => ({
      address, chainId, nonce, yParity: signature.yParity, r: signature.r, s: signature.s, authority,
    }));
  return { ethersForm, ours, blobs };
}

function viemSerialized(ours, signature) {
  const { type, gasLimit, to, chainId, ...rest } = ours;
  const form = { ...rest, type: viemTypes[type], gas: gasLimit, to: to ?? undefined, chainId: chainId === undefined ? undefined : Number(chainId) };
  if (form.authorizationList)
    form.authorizationList = form.authorizationList.map((one) => ({ ...one, chainId: Number(one.chainId), nonce: Number(one.nonce) }));
  const { r, s, yParity } = signature;
  const v = type === 0 && chainId !== undefined ? chainId * 2n + 35n + BigInt(yParity) : 27n + BigInt(yParity);
  return viem.serializeTransaction(form, { r, s, yParity, v });
}

// Integers in one of the ways that a request may write them.
const written = (value) => (below(2) ? String(value) : '0x' + value.toString(16));
const request = (tx) => JSON.parse(JSON.stringify(tx, (key, value) => (typeof value === 'bigint' ? written(value) : value)));
// As results write it: integers as decimal strings.
const result = (tx) => JSON.parse(JSON.stringify(tx, (key, value) => (['bigint', 'number'].includes(typeof value) ? String(value) : value)));

function signed(type) {
  const made = randomTransaction(type);
  const wallet = new Wallet(bytes(32));
  const transaction = Transaction.from(made.ethersForm);
  const unsigned = transaction.unsignedSerialized;
  transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
  const { r, s, yParity } = transaction.signature;
  return { ...made, from: wallet.address, unsigned, raw: transaction.serialized, hash: transaction.hash, signingHash: transaction.unsignedHash,
    signature: { r, s, yParity } };
}

function checkDecoded(one, answer) {
  const { from, hash, signingHash, signature, ...fields } = answer;
  assert.deepEqual(fields, result({ chainId: null, ...one.ours }));
  assert.deepEqual({ from, hash, signingHash, signature }, { from: one.from, hash: one.hash, signingHash: one.signingHash, signature: result(one.signature) });
}

for (const type of [0, 1, 2, 3, 4]) {
  test(`${perType} random transactions of type ${type}, as ethers and viem have them`, async () => {
    const expectations = new Expectations();
    for (let i = 0; i < perType; ++i) {
      const one = signed(type);
      assert.equal(viemSerialized(one.ours, one.signature), one.raw);
      const name = `${i}: ${one.raw}`;
      expectations.add(name, { op: 'tx.encode', tx: request(one.ours) }, (answer) =>
        assert.deepEqual(answer, { raw: one.unsigned, signingHash: one.signingHash }));
      expectations.add(name, { op: 'tx.encode', tx: request(one.ours), signature: one.signature }, (answer) =>
        assert.deepEqual(answer, { raw: one.raw, from: one.from, hash: one.hash, signingHash: one.signingHash }));
      expectations.add(name, { op: 'tx.decode', raw: one.raw }, (answer) => checkDecoded(one, answer));
      expectations.add(name, { op: 'tx.decode', raw: one.unsigned }, (answer) => {
        const { signingHash, ...fields } = answer;
        assert.equal(signingHash, one.signingHash);
        assert.deepEqual(fields, result({ chainId: null, ...one.ours }));
      });
    }
    assert.equal(await expectations.hold(), 4 * perType);
  });
}

test('a blob transaction with its sidecar is the same transaction', async () => {
  const one = signed(3);
  const [inner, blob] = [decodeRlp('0x' + one.raw.slice(4)), hexlify(new Uint8Array(131072))];
  const column = (name) => one.blobs.map((each) => each[name]);
  const blobs = one.blobs.map(() => blob);
  const eip4844 = concat(['0x03', encodeRlp([inner, blobs, column('commitment'), column('proof')])]);
  const cellProofs = one.blobs.flatMap(({ proof }) => Array(128).fill(proof));
  const eip7594 = concat(['0x03', encodeRlp([inner, '0x01', blobs, column('commitment'), cellProofs])]);
  const foreign = concat(['0x03', encodeRlp([inner, blobs, one.blobs.map(() => bytes(48)), column('proof')])]);
  const expectations = new Expectations();
  for (const raw of [eip4844, eip7594]) {
    assert.equal(Transaction.from(raw).hash, one.hash);
    expectations.add('sidecar', { op: 'tx.decode', raw }, (answer) => checkDecoded(one, answer));
  }
  assert.equal(await expectations.hold(), 2);
  const [refusal] = await ask([{ op: 'tx.decode', raw: foreign }]);
  assert.equal(refusal.ok, false);
  assert.match(refusal.error.message, /commitments/);
});
