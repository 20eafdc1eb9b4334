// Every message, field, enum value and service method of contracts/proto against an independent description: the npm package
// @canton-network/core-ledger-proto where it has them, and a table here for what it does not carry.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { oracle, projectRoot } from './packages.mjs';

const protoRoot = join(projectRoot, 'contracts', 'proto');

// --- the two sides, both brought to {messages: {type: {number: field}}, enums: {type: {name: number}}, services: {...}} ------

const scalarNames = { 1: 'double', 2: 'float', 3: 'int64', 4: 'uint64', 5: 'int32', 6: 'fixed64', 7: 'fixed32', 8: 'bool',
  9: 'string', 12: 'bytes', 13: 'uint32', 15: 'sfixed32', 16: 'sfixed64', 17: 'sint32', 18: 'sint64' };

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

function protoFiles() {
  return readdirSync(protoRoot, { recursive: true }).map(String).filter((name) => name.endsWith('.proto')).sort();
}

function ourDescriptors() {
  const folder = mkdtempSync(join(tmpdir(), 'protoshape-'));
  try {
    const output = join(folder, 'set.bin');
    execFileSync(process.env.COUNTERSIGN_PROTOC ?? 'protoc', ['-I', protoRoot, `--descriptor_set_out=${output}`, ...protoFiles()]);
    return oracle('google/protobuf/descriptor').FileDescriptorSet.fromBinary(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function shapeOfOurs(set) {
  const shape = { messages: {}, enums: {}, services: {} };
  const bare = (name) => name.replace(/^\./, '');
  const addEnum = (scope, type) => {
    shape.enums[`${scope}.${type.name}`] = Object.fromEntries(type.value.map((value) => [value.name, value.number]));
  };
  const addMessage = (scope, type) => {
    const name = `${scope}.${type.name}`;
    const entries = new Map(type.nestedType.filter((nested) => nested.options?.mapEntry).map((nested) => [`${name}.${nested.name}`, nested]));
    const typeOf = (field) => scalarNames[field.type] ?? bare(field.typeName);
    shape.messages[name] = Object.fromEntries(type.field.map((field) => {
      const entry = entries.get(bare(field.typeName ?? ''));
      const inOneof = field.oneofIndex !== undefined && !field.proto3Optional;
      return [field.number, {
        name: field.name,
        type: entry ? `map<${typeOf(entry.field[0])},${typeOf(entry.field[1])}>` : typeOf(field),
        label: !entry && field.label === 3 ? 'repeated' : inOneof ? `oneof ${camel(type.oneofDecl[field.oneofIndex].name)}`
          : field.proto3Optional ? 'optional' : '',
      }];
    }));
    type.nestedType.filter((nested) => !nested.options?.mapEntry).forEach((nested) => addMessage(name, nested));
    type.enumType.forEach((nested) => addEnum(name, nested));
  };
  for (const file of set.file) {
    file.messageType.forEach((type) => addMessage(file.package, type));
    file.enumType.forEach((type) => addEnum(file.package, type));
    for (const service of file.service) {
      shape.services[`${file.package}.${service.name}`] = Object.fromEntries(service.method.map((method) => [method.name,
        rpc(bare(method.inputType), bare(method.outputType), method.clientStreaming, method.serverStreaming)]));
    }
  }
  return shape;
}

function rpc(input, output, clientStreaming, serverStreaming) {
  return `${clientStreaming ? 'stream ' : ''}${input} -> ${serverStreaming ? 'stream ' : ''}${output}`;
}

function shapeOfOracle(files) {
  const shape = { messages: {}, enums: {}, services: {} };
  const enumName = ([name, values, prefix]) => {
    shape.enums[name] = Object.fromEntries(
      Object.entries(values).filter(([, value]) => typeof value === 'number').map(([key, value]) => [(prefix ?? '') + key, value]));
    return name;
  };
  const typeOf = (kind, type) => kind === 'scalar' ? scalarNames[type] : kind === 'enum' ? enumName(type()) : type().typeName;
  for (const exported of files.flatMap((file) => Object.values(oracle(file)))) {
    if (exported?.typeName && exported.fields) {
      shape.messages[exported.typeName] = Object.fromEntries(exported.fields.map((field) => [field.no, {
        name: field.name,
        type: field.kind === 'map' ? `map<${scalarNames[field.K]},${typeOf(field.V.kind, field.V.T)}>` : typeOf(field.kind, field.T),
        label: field.repeat ? 'repeated' : field.oneof ? `oneof ${field.oneof}`
          : field.opt && field.kind !== 'message' ? 'optional' : '',
      }]));
    } else if (exported?.typeName && exported.methods) {
      shape.services[exported.typeName] = Object.fromEntries(exported.methods.map((method) => [method.name,
        rpc(method.I.typeName, method.O.typeName, method.clientStreaming, method.serverStreaming)]));
    }
  }
  return shape;
}

const packagedFiles = ['commands', 'command_service', 'event', 'offset_checkpoint', 'reassignment', 'state_service', 'topology_transaction',
  'trace_context', 'transaction', 'transaction_filter', 'update_service', 'value', 'version_service', 'admin/object_meta',
  'admin/party_management_service'].map((name) => `com/daml/ledger/api/v2/${name}`).concat('google/rpc/status', 'google/rpc/error_details');

// --- what the package does not carry --------------------------------------------------------------------------------------

// The package describes the Ledger API of Canton 3.4; these fields came with 3.5 (its ledger-api-proto, release line 3.5).
const addedIn35 = {
  'com.daml.ledger.api.v2.GetUpdatesRequest': { 6: { name: 'descending_order', type: 'bool', label: '' } },
  'com.daml.ledger.api.v2.Transaction': { 10: { name: 'external_transaction_hash', type: 'bytes', label: 'optional' } },
  'com.daml.ledger.api.v2.CreatedEvent': {
    14: { name: 'acs_delta', type: 'bool', label: '' },
    15: { name: 'representative_package_id', type: 'string', label: '' },
  },
  'com.daml.ledger.api.v2.ExercisedEvent': { 15: { name: 'acs_delta', type: 'bool', label: '' } },
};

// Packages that it leaves out altogether: Canton 3.5's admin API (its admin-api protos) and gRPC's health protocol (grpc/grpc-proto), and etcd.
// "number name: type", and "(one)" for a member of the oneof of that name.
const elsewhere = tabulated({
  'com.digitalasset.canton.connection.v30.GetApiInfoRequest': '',
  'com.digitalasset.canton.connection.v30.GetApiInfoResponse': '1 name: string',
  'com.digitalasset.canton.admin.health.v30.Status': `1 uid: string; 2 uptime: google.protobuf.Duration; 3 ports: map<string,int32>;
    4 active: bool; 5 topology_queues: com.digitalasset.canton.admin.health.v30.TopologyQueueStatus;
    6 components: repeated com.digitalasset.canton.admin.health.v30.ComponentStatus; 7 version: string`,
  'com.digitalasset.canton.admin.health.v30.TopologyQueueStatus': '1 manager: uint32; 2 dispatcher: uint32; 3 clients: uint32',
  'com.digitalasset.canton.admin.health.v30.ComponentStatus': `1 name: string;
    2 ok: (status) com.digitalasset.canton.admin.health.v30.ComponentStatus.StatusData;
    3 degraded: (status) com.digitalasset.canton.admin.health.v30.ComponentStatus.StatusData;
    4 failed: (status) com.digitalasset.canton.admin.health.v30.ComponentStatus.StatusData;
    5 fatal: (status) com.digitalasset.canton.admin.health.v30.ComponentStatus.StatusData`,
  'com.digitalasset.canton.admin.health.v30.ComponentStatus.StatusData': '1 description: optional string',
  'com.digitalasset.canton.admin.health.v30.NotInitialized': `1 active: bool;
    2 waiting_for_external_input: com.digitalasset.canton.admin.health.v30.NotInitialized.WaitingForExternalInput; 3 version: string`,
  'com.digitalasset.canton.admin.participant.v30.ParticipantStatusRequest': '',
  'com.digitalasset.canton.admin.participant.v30.ParticipantStatusResponse': `
    1 status: (kind) com.digitalasset.canton.admin.participant.v30.ParticipantStatusResponse.ParticipantStatusResponseStatus;
    2 not_initialized: (kind) com.digitalasset.canton.admin.health.v30.NotInitialized`,
  'com.digitalasset.canton.admin.participant.v30.ParticipantStatusResponse.ParticipantStatusResponseStatus': `
    1 common_status: com.digitalasset.canton.admin.health.v30.Status;
    2 connected_synchronizers: repeated com.digitalasset.canton.admin.participant.v30.ConnectedSynchronizer; 3 active: bool;
    4 supported_protocol_versions: repeated int32`,
  'com.digitalasset.canton.admin.participant.v30.ConnectedSynchronizer': `1 physical_synchronizer_id: string;
    2 health: com.digitalasset.canton.admin.participant.v30.ConnectedSynchronizer.Health`,
  'grpc.health.v1.HealthCheckRequest': '1 service: string',
  'grpc.health.v1.HealthCheckResponse': '1 status: grpc.health.v1.HealthCheckResponse.ServingStatus',
  // etcd 3.4's rpc.proto and kv.proto.
  'mvccpb.KeyValue': '1 key: bytes; 2 create_revision: int64; 3 mod_revision: int64; 4 version: int64; 5 value: bytes; 6 lease: int64',
  'mvccpb.Event': '1 type: mvccpb.Event.EventType; 2 kv: mvccpb.KeyValue; 3 prev_kv: mvccpb.KeyValue',
  'etcdserverpb.ResponseHeader': '1 cluster_id: uint64; 2 member_id: uint64; 3 revision: int64; 4 raft_term: uint64',
  'etcdserverpb.RangeRequest': `1 key: bytes; 2 range_end: bytes; 3 limit: int64; 4 revision: int64;
    5 sort_order: etcdserverpb.RangeRequest.SortOrder; 6 sort_target: etcdserverpb.RangeRequest.SortTarget; 7 serializable: bool;
    8 keys_only: bool; 9 count_only: bool; 10 min_mod_revision: int64; 11 max_mod_revision: int64; 12 min_create_revision: int64;
    13 max_create_revision: int64`,
  'etcdserverpb.RangeResponse': '1 header: etcdserverpb.ResponseHeader; 2 kvs: repeated mvccpb.KeyValue; 3 more: bool; 4 count: int64',
  'etcdserverpb.WatchRequest': `1 create_request: (requestUnion) etcdserverpb.WatchCreateRequest;
    2 cancel_request: (requestUnion) etcdserverpb.WatchCancelRequest`,
  'etcdserverpb.WatchCreateRequest': `1 key: bytes; 2 range_end: bytes; 3 start_revision: int64; 4 progress_notify: bool; 6 prev_kv: bool;
    7 watch_id: int64; 8 fragment: bool`,
  'etcdserverpb.WatchCancelRequest': '1 watch_id: int64',
  'etcdserverpb.WatchResponse': `1 header: etcdserverpb.ResponseHeader; 2 watch_id: int64; 3 created: bool; 4 canceled: bool;
    5 compact_revision: int64; 6 cancel_reason: string; 7 fragment: bool; 11 events: repeated mvccpb.Event`,
  'etcdserverpb.LeaseTimeToLiveRequest': '1 ID: int64; 2 keys: bool',
  'etcdserverpb.LeaseTimeToLiveResponse': '1 header: etcdserverpb.ResponseHeader; 2 ID: int64; 3 TTL: int64; 4 grantedTTL: int64; 5 keys: repeated bytes',
  'etcdserverpb.LeaseLeasesRequest': '',
  'etcdserverpb.LeaseStatus': '1 ID: int64',
  'etcdserverpb.LeaseLeasesResponse': '1 header: etcdserverpb.ResponseHeader; 2 leases: repeated etcdserverpb.LeaseStatus',
  'etcdserverpb.Member': '1 ID: uint64; 2 name: string; 3 peerURLs: repeated string; 4 clientURLs: repeated string; 5 isLearner: bool',
  'etcdserverpb.MemberListRequest': '',
  'etcdserverpb.MemberListResponse': '1 header: etcdserverpb.ResponseHeader; 2 members: repeated etcdserverpb.Member',
  'etcdserverpb.AlarmRequest': '1 action: etcdserverpb.AlarmRequest.AlarmAction; 2 memberID: uint64; 3 alarm: etcdserverpb.AlarmType',
  'etcdserverpb.AlarmMember': '1 memberID: uint64; 2 alarm: etcdserverpb.AlarmType',
  'etcdserverpb.AlarmResponse': '1 header: etcdserverpb.ResponseHeader; 2 alarms: repeated etcdserverpb.AlarmMember',
  'etcdserverpb.StatusRequest': '',
  'etcdserverpb.StatusResponse': `1 header: etcdserverpb.ResponseHeader; 2 version: string; 3 dbSize: int64; 4 leader: uint64; 5 raftIndex: uint64;
    6 raftTerm: uint64; 7 raftAppliedIndex: uint64; 8 errors: repeated string; 9 dbSizeInUse: int64; 10 isLearner: bool`,
  'etcdserverpb.AuthenticateRequest': '1 name: string; 2 password: string',
  'etcdserverpb.AuthenticateResponse': '1 header: etcdserverpb.ResponseHeader; 2 token: string',
}, {
  'com.digitalasset.canton.admin.health.v30.NotInitialized.WaitingForExternalInput': {
    WAITING_FOR_EXTERNAL_INPUT_UNSPECIFIED: 0, WAITING_FOR_EXTERNAL_INPUT_ID: 1, WAITING_FOR_EXTERNAL_INPUT_NODE_TOPOLOGY: 2,
    WAITING_FOR_EXTERNAL_INPUT_INITIALIZATION: 3 },
  'com.digitalasset.canton.admin.participant.v30.ConnectedSynchronizer.Health': { HEALTH_UNSPECIFIED: 0, HEALTH_HEALTHY: 1, HEALTH_UNHEALTHY: 2 },
  'grpc.health.v1.HealthCheckResponse.ServingStatus': { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 },
  'mvccpb.Event.EventType': { PUT: 0, DELETE: 1 },
  'etcdserverpb.RangeRequest.SortOrder': { NONE: 0, ASCEND: 1, DESCEND: 2 },
  'etcdserverpb.RangeRequest.SortTarget': { KEY: 0, VERSION: 1, CREATE: 2, MOD: 3, VALUE: 4 },
  'etcdserverpb.AlarmType': { NONE: 0, NOSPACE: 1, CORRUPT: 2 },
  'etcdserverpb.AlarmRequest.AlarmAction': { GET: 0, ACTIVATE: 1, DEACTIVATE: 2 },
}, {
  'com.digitalasset.canton.connection.v30.ApiInfoService': {
    GetApiInfo: 'com.digitalasset.canton.connection.v30.GetApiInfoRequest -> com.digitalasset.canton.connection.v30.GetApiInfoResponse' },
  'com.digitalasset.canton.admin.participant.v30.ParticipantStatusService': {
    ParticipantStatus: 'com.digitalasset.canton.admin.participant.v30.ParticipantStatusRequest -> '
      + 'com.digitalasset.canton.admin.participant.v30.ParticipantStatusResponse' },
  'grpc.health.v1.Health': {
    Check: 'grpc.health.v1.HealthCheckRequest -> grpc.health.v1.HealthCheckResponse',
    Watch: 'grpc.health.v1.HealthCheckRequest -> stream grpc.health.v1.HealthCheckResponse' },
  'etcdserverpb.KV': { Range: 'etcdserverpb.RangeRequest -> etcdserverpb.RangeResponse' },
  'etcdserverpb.Watch': { Watch: 'stream etcdserverpb.WatchRequest -> stream etcdserverpb.WatchResponse' },
  'etcdserverpb.Lease': {
    LeaseTimeToLive: 'etcdserverpb.LeaseTimeToLiveRequest -> etcdserverpb.LeaseTimeToLiveResponse',
    LeaseLeases: 'etcdserverpb.LeaseLeasesRequest -> etcdserverpb.LeaseLeasesResponse' },
  'etcdserverpb.Cluster': { MemberList: 'etcdserverpb.MemberListRequest -> etcdserverpb.MemberListResponse' },
  'etcdserverpb.Maintenance': {
    Alarm: 'etcdserverpb.AlarmRequest -> etcdserverpb.AlarmResponse',
    Status: 'etcdserverpb.StatusRequest -> etcdserverpb.StatusResponse' },
  'etcdserverpb.Auth': { Authenticate: 'etcdserverpb.AuthenticateRequest -> etcdserverpb.AuthenticateResponse' },
});

function tabulated(messages, enums, services) {
  const fields = (text) => Object.fromEntries(text.split(';').map((part) => part.trim()).filter(Boolean).map((part) => {
    const [, number, name, rest] = /^(\d+) (\w+): (.*)$/s.exec(part);
    const [, one, label, type] = /^(?:\((\w+)\) )?(?:(repeated|optional) )?(\S+)$/.exec(rest);
    return [number, { name, type, label: one ? `oneof ${one}` : label ?? '' }];
  }));
  return { messages: Object.fromEntries(Object.entries(messages).map(([name, text]) => [name, fields(text)])), enums, services };
}

// --- the comparison -------------------------------------------------------------------------------------------------------

function expectedShape() {
  const shape = shapeOfOracle(packagedFiles);
  for (const part of ['messages', 'enums', 'services']) {
    for (const [name, value] of Object.entries(elsewhere[part])) {
      assert.ok(!(name in shape[part]), `${name} is in the package by now; drop it from the table`);
      shape[part][name] = value;
    }
  }
  for (const [message, fields] of Object.entries(addedIn35)) {
    for (const [number, field] of Object.entries(fields)) {
      assert.ok(!(number in shape.messages[message]), `${message} field ${number} is in the package by now; drop it from the table`);
      shape.messages[message][number] = field;
    }
  }
  return shape;
}

/** Every way in which \p ours says something else than \p expected. Ours may be a subset. */
function differences(ours, expected) {
  const found = [];
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  for (const part of ['messages', 'enums', 'services']) {
    for (const [name, members] of Object.entries(ours[part])) {
      if (!(name in expected[part])) {
        found.push(`${name}: unknown`);
        continue;
      }
      for (const [key, member] of Object.entries(members)) {
        if (!same(member, expected[part][name][key])) {
          found.push(`${name} ${key}: ${JSON.stringify(member)} instead of ${JSON.stringify(expected[part][name][key])}`);
        }
      }
    }
  }
  return found;
}

function count(shape) {
  return Object.fromEntries(Object.entries(shape).map(([part, types]) => [part,
    [Object.keys(types).length, Object.values(types).reduce((sum, members) => sum + Object.keys(members).length, 0)]]));
}

test('every name, number, type and label of our protos is the one that the ledger uses', (t) => {
  const ours = shapeOfOurs(ourDescriptors());
  const sizes = count(ours);
  t.diagnostic(`compared ${sizes.messages[0]} messages with ${sizes.messages[1]} fields, ${sizes.enums[0]} enums with ${sizes.enums[1]} values, `
    + `${sizes.services[0]} services with ${sizes.services[1]} methods`);
  assert.ok(sizes.messages[1] > 200 && sizes.services[1] >= 15, 'the descriptors were read');
  assert.deepEqual(differences(ours, expectedShape()), []);
});

test('the exceptions for newer fields are all in use', () => {
  const ours = shapeOfOurs(ourDescriptors());
  for (const [message, fields] of Object.entries(addedIn35)) {
    for (const number of Object.keys(fields)) {
      assert.ok(ours.messages[message]?.[number], `${message} field ${number} is not in our protos`);
    }
  }
  for (const part of ['messages', 'enums', 'services']) {
    for (const name of Object.keys(elsewhere[part])) {
      assert.ok(ours[part][name], `${name} is not in our protos`);
    }
  }
});

test('the comparison notices one wrong number, name, type, label, enum value or method', () => {
  const expected = expectedShape();
  const damages = [
    (set) => { message(set, 'com/daml/ledger/api/v2/event.proto', 'CreatedEvent').field[2].number = 33; },
    (set) => { message(set, 'com/daml/ledger/api/v2/event.proto', 'CreatedEvent').field[2].name = 'contract'; },
    (set) => { message(set, 'com/daml/ledger/api/v2/value.proto', 'Value').field[2].type = 3; }, // sint64 -> int64
    (set) => { message(set, 'com/daml/ledger/api/v2/commands.proto', 'Commands').field[0].label = 3; },
    (set) => { file(set, 'com/daml/ledger/api/v2/transaction_filter.proto').enumType[0].value[1].number = 7; },
    (set) => { file(set, 'com/daml/ledger/api/v2/update_service.proto').service[0].method[0].serverStreaming = false; },
    (set) => { file(set, 'grpc/health/v1/health.proto').service[0].method[0].name = 'Probe'; },
  ];
  for (const damage of damages) {
    const set = ourDescriptors();
    damage(set);
    assert.equal(differences(shapeOfOurs(set), expected).length, 1, String(damage));
  }
});

function file(set, name) {
  return set.file.find((candidate) => candidate.name === name);
}

function message(set, fileName, name) {
  return file(set, fileName).messageType.find((candidate) => candidate.name === name);
}

test('every proto file is compiled into the library', () => {
  const listed = readFileSync(join(projectRoot, 'contracts', 'CMakeLists.txt'), 'utf8');
  for (const name of protoFiles()) {
    const stem = relative('.', name).replace(/\.proto$/, '');
    assert.match(listed, new RegExp(`^  ${stem}\\)?$`, 'm'));
  }
});
