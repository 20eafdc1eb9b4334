// Throughput of `countersign-cli batch` against ethers 6 and viem on the same work, interleaved in one run. The command line
// reads its requests as JSON and uses all processors, as it does for its users; the libraries run in this process on
// values that are parsed already. The second figure of each pair counts the command line's processor time instead.
//   peers.mjs CLI
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const require = createRequire(join(root, 'contracts', 'package.json'));
const ethers = require('ethers');
const viem = require('viem');
const { privateKeyToAccount } = require('viem/accounts');

const cli = process.argv[2];
const rounds = 5;
const key = '0x' + '42'.repeat(32);
const account = privateKeyToAccount(key);

const typedData = {
  types: {
    EIP712Domain: [{ name: 'name', type: 'string' }, { name: 'version', type: 'string' }, { name: 'chainId', type: 'uint256' }, { name: 'verifyingContract', type: 'address' }],
    Person: [{ name: 'name', type: 'string' }, { name: 'wallets', type: 'address[]' }],
    Mail: [{ name: 'from', type: 'Person' }, { name: 'to', type: 'Person[]' }, { name: 'contents', type: 'string' }, { name: 'amount', type: 'uint256' }],
  },
  primaryType: 'Mail',
  domain: { name: 'Ether Mail', version: '1', chainId: 1, verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC' },
};
const message = (i) => ({
  from: { name: 'Cow', wallets: ['0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826', '0xDeaDbeefdEAdbeefdEadbEEFdeadbeEFdEaDbeeF'] },
  to: [{ name: 'Bob', wallets: ['0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB'] }], contents: `Hello, Bob! ${i}`, amount: String(10n ** 18n + BigInt(i)),
});
const abiTypes = ['address', 'uint256', '(bytes32,bool,string)[]', 'bytes', 'int64[3]'];
const abiValues = (i) => [
  account.address, 10n ** 18n + BigInt(i), [['0x' + '11'.repeat(32), true, `entry ${i}`], ['0x' + '22'.repeat(32), false, 'second']], '0x' + 'ab'.repeat(100), [1n, -2n, 3n],
];
const coder = ethers.AbiCoder.defaultAbiCoder();
const viemTypes = viem.parseAbiParameters('address, uint256, (bytes32,bool,string)[], bytes, int64[3]');

async function works() {
  const encoded = Array.from({ length: 2000 }, (_, i) => coder.encode(abiTypes, abiValues(i)));
  const transactions = [];
  const signatures = [];
  for (let i = 0; i < 500; ++i) {
    transactions.push(await account.signTransaction({
      type: 'eip1559', chainId: 1, nonce: i, to: account.address, value: BigInt(i), data: '0x' + 'cd'.repeat(68), gas: 90000n, maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 1n, accessList: [{ address: account.address, storageKeys: ['0x' + '01'.repeat(32)] }],
    }));
    const digest = ethers.keccak256(ethers.toBeHex(i, 32));
    signatures.push([digest, ethers.SigningKey.prototype.sign.call(new ethers.SigningKey(key), digest).serialized]);
  }
  const { EIP712Domain, ...types } = typedData.types;
  return [
    { op: 'eip712.hash', ours: 20000, theirs: 1000, request: (i) => ({ typedData: { ...typedData, message: message(i) } }), must: 10,
      ethers: (i) => ethers.TypedDataEncoder.hash(typedData.domain, types, message(i)),
      viem: (i) => viem.hashTypedData({ ...typedData, message: message(i) }) },
    { op: 'abi.decode', ours: 20000, theirs: 2000, request: (i) => ({ types: abiTypes, data: encoded[i % 2000] }), must: 10,
      // ethers decodes what is inside only when it is looked at.
      ethers: (i) => coder.decode(abiTypes, encoded[i % 2000]).toArray(true),
      viem: (i) => viem.decodeAbiParameters(viemTypes, encoded[i % 2000]) },
    { op: 'tx.decode', ours: 10000, theirs: 200, request: (i) => ({ raw: transactions[i % 500] }), must: 10,
      ethers: (i) => ethers.Transaction.from(transactions[i % 500]).from,
      viem: async (i) => viem.recoverTransactionAddress({ serializedTransaction: transactions[i % 500] }) },
    { op: 'sig.recover', ours: 10000, theirs: 200, request: (i) => ({ digest: signatures[i % 500][0], signature: signatures[i % 500][1] }), must: 3,
      ethers: (i) => ethers.recoverAddress(signatures[i % 500][0], signatures[i % 500][1]),
      viem: async (i) => viem.recoverAddress({ hash: signatures[i % 500][0], signature: signatures[i % 500][1] }) },
  ];
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const seconds = (since) => Number(process.hrtime.bigint() - since) / 1e9;

async function timeLibrary(work, count) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; ++i) await work(i);
  return count / seconds(start);
}

function timeOurs(path, count) {
  const input = openSync(path, 'r');
  const start = process.hrtime.bigint();
  const run = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$0" batch >/dev/null', cli], { stdio: [input, 'ignore', 'pipe'] });
  const wall = seconds(start);
  closeSync(input);
  if (run.status !== 0) throw new Error(`countersign-cli ended with ${run.status}`);
  const [user, system] = run.stderr.toString().trim().split(' ').map(Number);
  return [count / wall, count / (user + system)];
}

function figure(name, value, unit, must) {
  if (must === undefined) return { name, value, unit };
  return { name, value, unit, bound: 'at least', must, stretch: 2 * must, reached: value >= must, inGate: value >= must / 1.15, stretched: value >= 2 * must };
}

const folder = mkdtempSync(join(tmpdir(), 'bench-batch-'));
const figures = [];
try {
  for (const work of await works()) {
    const path = join(folder, 'requests');
    writeFileSync(path, Array.from({ length: work.ours }, (_, id) => JSON.stringify({ id, op: work.op, ...work.request(id) }) + '\n').join(''));
    const rates = { ours: [], cpu: [], ethers: [], viem: [] };
    for (let round = -1; round < rounds; ++round) {
      const [ours, cpu] = timeOurs(path, work.ours);
      const byEthers = await timeLibrary(work.ethers, work.theirs);
      const byViem = await timeLibrary(work.viem, work.theirs);
      if (round < 0) continue; // the libraries' code is compiled while it first runs
      rates.ours.push(ours);
      rates.cpu.push(cpu);
      rates.ethers.push(byEthers);
      rates.viem.push(byViem);
    }
    figures.push(figure(`${work.op}`, median(rates.ours), '1/s'));
    figures.push(figure(`${work.op} / ethers 6`, median(rates.ours) / median(rates.ethers), 'x', work.must));
    figures.push(figure(`${work.op} / viem`, median(rates.ours) / median(rates.viem), 'x'));
    figures.push(figure(`${work.op} per processor / ethers 6`, median(rates.cpu) / median(rates.ethers), 'x'));
    figures.push(figure(`${work.op} per processor / viem`, median(rates.cpu) / median(rates.viem), 'x'));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(JSON.stringify({ benchmark: 'batch', figures }));
process.exit(figures.some((f) => f.inGate === false) ? 1 : 0);
