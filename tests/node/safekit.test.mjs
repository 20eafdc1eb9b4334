// Hashes, signatures and batches against npm @safe-global/protocol-kit, on random transactions from a fixed seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Expectations } from './batch.mjs';
import { load } from './packages.mjs';

const kit = load('@safe-global/protocol-kit');
const { privateKeyToAccount, sign } = load('viem/accounts');
const { hashMessage } = load('viem');

// xorshift32: the same numbers in every run.
let state = 0x5afe5afe;
function random(below) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}
const hex = (bytes) => '0x' + Array.from({ length: bytes }, () => random(256).toString(16).padStart(2, '0')).join('');
const address = () => (random(8) === 0 ? '0x' + '0'.repeat(40) : hex(20));
const amount = () => [0n, 1n, BigInt(random(0xffffffff)), BigInt(hex(32)), (1n << 256n) - 1n][random(5)].toString();
const pick = (list) => list[random(list.length)];
const versions = ['1.0.0', '1.1.1', '1.2.0', '1.3.0', '1.4.1', '1.5.0'];

function randomTransaction() {
  return {
    to: address(), value: amount(), data: hex(random(200)), operation: random(2), safeTxGas: amount(), baseGas: amount(),
    gasPrice: amount(), gasToken: address(), refundReceiver: address(), nonce: random(1 << 30),
  };
}

const count = 1000;
const keys = Array.from({ length: 8 }, () => hex(32));

test('hashes of random transactions agree', async () => {
  const expectations = new Expectations();
  for (let i = 0; i < count; ++i) {
    const safe = hex(20);
    const version = pick(versions);
    const chainId = 1 + random(1 << 30);
    const tx = randomTransaction();
    const expected = kit.calculateSafeTransactionHash(safe, tx, version, BigInt(chainId));
    expectations.add(`transaction ${i}, ${version}`, { op: 'safe.hash', chainId, safe, version, tx }, (result) => assert.equal(result.safeTxHash, expected));
  }
  console.log(`safeTxHash: ${await expectations.hold()} of ${count} agree`);
});

test('hashes of messages agree', async () => {
  const expectations = new Expectations();
  for (let i = 0; i < 200; ++i) {
    const safe = hex(20);
    const version = pick(['1.3.0', '1.4.1', '1.5.0']);
    const chainId = 1 + random(1 << 30);
    const text = i === 0 ? '' : `message ${i} ${'ä'.repeat(random(5))}`;
    const typedData = {
      types: { EIP712Domain: [{ name: 'name', type: 'string' }], Note: [{ name: 'text', type: 'string' }, { name: 'amounts', type: 'uint256[]' }] },
      primaryType: 'Note', domain: { name: 'Test' }, message: { text, amounts: [String(i), amount()] },
    };
    const bytes = hex(random(100));
    for (const [message, inner] of [[text, kit.hashSafeMessage(text)], [typedData, kit.hashSafeMessage(typedData)], [bytes, bytes]]) {
      const expected = kit.calculateSafeMessageHash(safe, inner, version, BigInt(chainId));
      expectations.add(`message ${i}`, { op: 'safe.message.hash', chainId, safe, version, message }, (result) => assert.equal(result.safeTxHash, expected));
    }
  }
  console.log(`SafeMessage: ${await expectations.hold()} agree`);
});

test('signatures of every type, laid out by the kit, are read back as who signed and how', async () => {
  const expectations = new Expectations();
  for (let i = 0; i < count; ++i) {
    const safe = hex(20);
    const version = pick(['1.3.0', '1.4.1', '1.5.0']);
    const chainId = 1 + random(1 << 30);
    const tx = randomTransaction();
    const safeTxHash = kit.calculateSafeTransactionHash(safe, tx, version, BigInt(chainId));
    const preimage = kit.preimageSafeTransactionHash(safe, tx, version, BigInt(chainId));
    const signers = [];
    const signatures = [];
    for (const key of keys.filter(() => random(2) === 0)) {
      const account = privateKeyToAccount(key);
      const isEthSign = random(2) === 0;
      const signature = await sign({ hash: isEthSign ? hashMessage({ raw: safeTxHash }) : safeTxHash, privateKey: key, to: 'hex' });
      const v = parseInt(signature.slice(-2), 16) + (isEthSign ? 4 : 0);
      signatures.push(new kit.EthSafeSignature(account.address, signature.slice(0, -2) + v.toString(16)));
      signers.push([account.address, isEthSign ? 'ethSign' : 'ecdsa']);
    }
    if (random(2) === 0 || signatures.length === 0) {
      const approver = hex(20);
      signatures.push(kit.generatePreValidatedSignature(approver));
      signers.push([approver, 'approved']);
    }
    if (random(2) === 0) {
      const contract = hex(20);
      signatures.push(new kit.EthSafeSignature(contract, hex(random(150)), true));
      signers.push([contract, 'contract']);
    }
    const blob = kit.buildSignatureBytes(signatures);
    signers.sort((a, b) => (a[0].toLowerCase() < b[0].toLowerCase() ? -1 : 1));
    const request = { op: 'safe.signatures', safeTxHash, preimage, version, signatures: blob, threshold: signers.length };
    expectations.add(`signatures ${i}`, request, (result) => {
      assert.deepEqual(result.entries.map((entry) => [entry.owner.toLowerCase(), entry.type]), signers.map(([owner, type]) => [owner.toLowerCase(), type]));
      assert.equal(result.wellOrdered, true);
      assert.deepEqual(result.errors, []);
    });
  }
  console.log(`signatures: ${await expectations.hold()} of ${count} agree`);
});

test('batches made by the kit are taken apart', async () => {
  const expectations = new Expectations();
  for (let i = 0; i < 200; ++i) {
    const transactions = Array.from({ length: 1 + random(6) }, () => ({ to: hex(20), value: amount(), data: hex(random(100)), operation: random(2) }));
    const data = kit.encodeMultiSendData(transactions);
    expectations.add(`batch ${i}`, { op: 'multisend.decode', data, version: '1.4.1', safe: hex(20) }, (result) => {
      assert.deepEqual(
        result.transactions.map((tx) => ({ to: tx.to.toLowerCase(), value: tx.value, data: tx.data, operation: Number(tx.operation) })), transactions);
    });
  }
  console.log(`MultiSend: ${await expectations.hold()} agree`);
});
