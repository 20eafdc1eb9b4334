// A client that shares no code with this project (grpc-js, and the messages of @canton-network/core-ledger-proto) against the simulated
// participant.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { grpc, oracle } from './packages.mjs';

const { VersionService } = oracle('com/daml/ledger/api/v2/version_service');
const { StateService } = oracle('com/daml/ledger/api/v2/state_service');
const { UpdateService } = oracle('com/daml/ledger/api/v2/update_service');
const { CommandService } = oracle('com/daml/ledger/api/v2/command_service');
const { PartyManagementService } = oracle('com/daml/ledger/api/v2/admin/party_management_service');
const { Status } = oracle('google/rpc/status');
const { ErrorInfo } = oracle('google/rpc/error_details');

const acsDelta = 1;
const deadline = () => Date.now() + 20_000;

let participant;
let announced;
let client;

before(async () => {
  const command = process.env.COUNTERSIGN_PARTICIPANT;
  assert.ok(command, 'COUNTERSIGN_PARTICIPANT names the program; ctest sets it');
  participant = spawn(command, ['--party', 'PolicyIssuer', '--party', 'Relayer', '--party', 'Regulator', '--checkpoint-ms', '100',
    '--die-with-parent'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: participant.stdout }), 'line');
  announced = JSON.parse(line);
  client = new grpc.Client(announced.ledger, grpc.credentials.createInsecure());
});

after(async () => {
  client?.close();
  if (participant?.exitCode === null) {
    const ended = once(participant, 'exit');
    participant.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  }
});

function described(service, name) {
  const method = service.methods.find((candidate) => candidate.name === name);
  return { path: `/${service.typeName}/${name}`, write: (value) => Buffer.from(method.I.toBinary(method.I.create(value))),
    read: (bytes) => method.O.fromBinary(bytes) };
}

function unary(service, name, request) {
  const { path, write, read } = described(service, name);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, write, read, request, new grpc.Metadata(), { deadline: deadline() },
      (error, response) => error ? reject(error) : resolve(response));
  });
}

/** Reads a stream until it ends or \p enough says so. */
function stream(service, name, request, enough = () => false) {
  const { path, write, read } = described(service, name);
  const call = client.makeServerStreamRequest(path, write, read, request, new grpc.Metadata(), { deadline: deadline() });
  const messages = [];
  return new Promise((resolve, reject) => {
    call.on('data', (message) => {
      messages.push(message);
      if (enough(messages)) {
        call.cancel();
      }
    });
    call.on('error', (error) => error.code === grpc.status.CANCELLED ? resolve(messages) : reject(error));
    call.on('end', () => resolve(messages));
  });
}

const eventFormat = (party, entity) => ({ verbose: true, filtersForAnyParty: undefined, filtersByParty: { [party]: {
  cumulative: [{ identifierFilter: { oneofKind: 'templateFilter', templateFilter: { includeCreatedEventBlob: false,
    templateId: { packageId: '#vault-intents', moduleName: 'Vault.Intents', entityName: entity } } } }] } } });

const updateFormat = (party, entity) => ({ includeTransactions: { eventFormat: eventFormat(party, entity), transactionShape: acsDelta } });

const text = (value) => ({ sum: { oneofKind: 'text', text: value } });
const number = (value) => ({ sum: { oneofKind: 'int64', int64: value } });

function intentRequest(intentId, nonce) {
  const party = (hint) => ({ sum: { oneofKind: 'party', party: announced.parties[hint] } });
  const time = (value) => ({ sum: { oneofKind: 'timestamp', timestamp: value } });
  return { fields: [
    ['issuer', party('PolicyIssuer')], ['relayer', party('Relayer')], ['regulator', party('Regulator')], ['intentId', text(intentId)],
    ['partyId', text(`0x${'11'.repeat(32)}`)], ['vaultId', text('treasury')], ['vaultAddress', text(`0x${'22'.repeat(20)}`)],
    ['chainId', number(31337n)], ['adapterId', text(`0x${'33'.repeat(32)}`)], ['action', text('rebalance')], ['asset', text('USDC')],
    ['amount', { sum: { oneofKind: 'numeric', numeric: '1250.5' } }], ['callData', text('0x')], ['nonce', number(nonce)],
    ['deadline', time(1900000000000000n)], ['createdAt', time(1800000000000000n)],
  ].map(([label, value]) => ({ label, value })) };
}

function create(commandId, intentId, nonce) {
  return unary(CommandService, 'SubmitAndWait', { commands: { userId: 'node-test', commandId, actAs: [announced.parties.PolicyIssuer],
    workflowId: 'intent', deduplicationPeriod: { oneofKind: undefined }, commands: [{ command: { oneofKind: 'create', create: {
      templateId: { packageId: '#vault-intents', moduleName: 'Vault.Intents', entityName: 'IntentRequest' },
      createArguments: intentRequest(intentId, nonce) } } }] } });
}

test('the version is a 3.5', async () => {
  const { version } = await unary(VersionService, 'GetLedgerApiVersion', {});
  assert.match(version, /^3\.5\./);
});

test('the parties that were asked for are known', async () => {
  const { partyDetails } = await unary(PartyManagementService, 'ListKnownParties', { pageToken: '', pageSize: 0, identityProviderId: '' });
  assert.deepEqual(partyDetails.map((details) => details.party), Object.values(announced.parties).sort());
  for (const party of Object.values(announced.parties)) {
    assert.match(party, /^\w+::1220[0-9a-f]{64}$/);
  }
});

test('what is submitted moves the ledger end and comes back as active contract and as update', async () => {
  const before = (await unary(StateService, 'GetLedgerEnd', {})).offset;
  const receipt = await create('create-1', 'intent-1', 1n);
  const end = (await unary(StateService, 'GetLedgerEnd', {})).offset;
  assert.ok(end > before);
  assert.equal(receipt.completionOffset, end);

  const active = await stream(StateService, 'GetActiveContracts', { verbose: false, activeAtOffset: end,
    eventFormat: eventFormat(announced.parties.Relayer, 'IntentRequest') });
  assert.equal(active.length, 1);
  const { createdEvent } = active[0].contractEntry.activeContract;
  assert.equal(createdEvent.createArguments.fields[3].label, 'intentId');
  assert.deepEqual(createdEvent.createArguments.fields[3].value.sum, { oneofKind: 'text', text: 'intent-1' });
  assert.deepEqual(createdEvent.createArguments.fields[11].value.sum, { oneofKind: 'numeric', numeric: '1250.5000000000' });
  assert.deepEqual(createdEvent.witnessParties, [announced.parties.Relayer]);
  assert.deepEqual(createdEvent.signatories, [announced.parties.PolicyIssuer]);

  const updates = await stream(UpdateService, 'GetUpdates', { beginExclusive: before, endInclusive: end, verbose: false,
    updateFormat: updateFormat(announced.parties.Regulator, 'IntentRequest') });
  const transactions = updates.map((update) => update.update).filter((update) => update.oneofKind === 'transaction');
  assert.equal(transactions.length, 1);
  assert.equal(transactions[0].transaction.updateId, receipt.updateId);
  assert.equal(transactions[0].transaction.events[0].event.created.contractId, createdEvent.contractId);
});

test('a stream without end follows the ledger and sends checkpoints when it is quiet', async () => {
  const end = (await unary(StateService, 'GetLedgerEnd', {})).offset;
  const kinds = (messages) => new Set(messages.map((message) => message.update.oneofKind));
  const following = stream(UpdateService, 'GetUpdates', { beginExclusive: end, verbose: false,
    updateFormat: updateFormat(announced.parties.Relayer, 'IntentRequest') },
  (messages) => kinds(messages).has('transaction') && messages.at(-1).update.oneofKind === 'offsetCheckpoint');
  await create('create-2', 'intent-2', 2n);
  const messages = await following;
  const transaction = messages.find((message) => message.update.oneofKind === 'transaction').update.transaction;
  assert.equal(messages.at(-1).update.offsetCheckpoint.offset, transaction.offset);
});

test('a command that was accepted is refused the second time, with the code in text and details', async () => {
  await create('create-3', 'intent-3', 3n);
  const error = await create('create-3', 'intent-3', 3n).then(() => assert.fail('accepted twice'), (refusal) => refusal);
  assert.equal(error.code, grpc.status.ALREADY_EXISTS);
  assert.match(error.details, /^DUPLICATE_COMMAND\(10,[0-9a-f]{8}\): /);
  const status = Status.fromBinary(error.metadata.get('grpc-status-details-bin')[0]);
  const info = status.details.find((detail) => detail.typeUrl.endsWith('google.rpc.ErrorInfo'));
  assert.equal(ErrorInfo.fromBinary(info.value).reason, 'DUPLICATE_COMMAND');
});
