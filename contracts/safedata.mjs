// Writes what Countersign knows of the published Safe contracts: addresses, code hashes and chains from
// @safe-global/safe-deployments, the factories' proxy code from the packages of each version.
//   node contracts/safedata.mjs           writes backend/safe/*.inc
//   node contracts/safedata.mjs --check   fails when what is committed is not what the packages say
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getAddress, getCreate2Address, keccak256, ZeroHash } from 'ethers';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const target = join(here, '..', 'backend', 'safe');
const singletonFactory = '0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7';

const readJson = (...path) => JSON.parse(readFileSync(join(modules, ...path), 'utf8'));
const artifact = (packageName, path) => readJson(packageName, 'build', 'artifacts', 'contracts', path);

// The name that we give to each file of safe-deployments; the enum SafeContract has the same.
const kinds = {
    gnosis_safe: 'Safe', safe: 'Safe',
    gnosis_safe_l2: 'SafeL2', safe_l2: 'SafeL2',
    proxy_factory: 'ProxyFactory', safe_proxy_factory: 'ProxyFactory',
    compatibility_fallback_handler: 'CompatibilityFallbackHandler',
    default_callback_handler: 'DefaultCallbackHandler',
    extensible_fallback_handler: 'ExtensibleFallbackHandler',
    token_callback_handler: 'TokenCallbackHandler',
    multi_send: 'MultiSend',
    multi_send_call_only: 'MultiSendCallOnly',
    create_call: 'CreateCall',
    sign_message_lib: 'SignMessageLib',
    simulate_tx_accessor: 'SimulateTxAccessor',
    safe_migration: 'SafeMigration',
    safe_to_l2_migration: 'SafeToL2Migration',
    safe_to_l2_setup: 'SafeToL2Setup',
};
const order = [...new Set(Object.values(kinds))];
const builds = ['canonical', 'eip155', 'zksync'];

function readDeployments() {
    const rows = [];
    const assets = ['@safe-global', 'safe-deployments', 'dist', 'assets'];
    for (const folder of readdirSync(join(modules, ...assets)).sort()) {
        for (const file of readdirSync(join(modules, ...assets, folder)).sort()) {
            const { version, deployments, networkAddresses } = readJson(...assets, folder, file);
            const kind = kinds[file.replace('.json', '')];
            if (!kind || folder !== `v${version}`)
                throw new Error(`${folder}/${file} is of a kind or version that this script does not know`);
            for (const [build, { address, codeHash }] of Object.entries(deployments)) {
                if (!builds.includes(build))
                    throw new Error(`${folder}/${file}: unknown build ${build}`);
                const chains = Object.keys(networkAddresses).filter((chain) => [networkAddresses[chain]].flat().includes(build));
                rows.push({ kind, version, build, address: getAddress(address), codeHash, chains });
            }
        }
    }
    // Released with 1.4.1 and deployed from the same factory, but not listed: known by what it is made of.
    const handler = artifact('@safe-global/safe-contracts', 'handler/TokenCallbackHandler.sol/TokenCallbackHandler.json');
    rows.push({
        kind: 'TokenCallbackHandler', version: '1.4.1', build: 'canonical', chains: [],
        address: getCreate2Address(singletonFactory, ZeroHash, keccak256(handler.bytecode)),
        codeHash: keccak256(handler.deployedBytecode),
    });
    const rank = (row) => [row.version, String(order.indexOf(row.kind)).padStart(2, '0'), builds.indexOf(row.build)].join(' ');
    return rows.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function wrapped(words, indent) {
    const lines = [''];
    for (const word of words) {
        if (lines.at(-1).length + word.length + indent.length > 138)
            lines.push('');
        lines[lines.length - 1] += (lines.at(-1) ? ' ' : '') + word;
    }
    return lines.map((line) => indent + line).join('\n');
}

const header = '// Written by contracts/safedata.mjs from the npm packages; not to be edited. A test compares it with them.\n';
const versionName = (version) => `SafeVersion::v${version.replaceAll('.', '')}()`;

function contractTable() {
    const sets = new Map();
    const rows = readDeployments().map((row) => {
        const chains = row.chains.map(BigInt).sort((a, b) => (a < b ? -1 : 1)).map((chain) => `${chain}U,`);
        const text = wrapped(chains, '    ');
        if (!sets.has(text))
            sets.set(text, { name: chains.length === 0 ? 'noChains' : `chains${sets.size}`, count: chains.length });
        const build = row.build === 'zksync' ? 'ZkSync' : row.build[0].toUpperCase() + row.build.slice(1);
        return `    {.contract = SafeContract::${row.kind}, .version = ${versionName(row.version)}, .build = SafeBuild::${build},\n`
            + `     .address = u"${row.address}",\n     .codeHash = u"${row.codeHash}", .chains = ${sets.get(text).name}},\n`;
    });
    const lists = [...sets].map(([text, { name, count }]) =>
        count === 0 ? `constexpr std::span<const quint64> ${name};\n` : `constexpr std::array<quint64, ${count}> ${name} = {\n${text}\n};\n`);
    return `${header}\n${lists.join('\n')}\nconstexpr Row table[] = {\n${rows.join('')}};\n`;
}

function proxyCodes() {
    const sources = {
        '1.3.0': ['@gnosis.pm/safe-contracts', 'proxies/GnosisSafeProxy.sol/GnosisSafeProxy.json'],
        '1.4.1': ['@safe-global/safe-contracts', 'proxies/SafeProxy.sol/SafeProxy.json'],
        '1.5.0': ['@safe-global/safe-smart-account', 'proxies/SafeProxy.sol/SafeProxy.json'],
    };
    const rows = Object.entries(sources).map(([version, source]) => {
        const code = artifact(...source).bytecode.slice(2);
        const lines = code.match(/.{1,128}/g).map((line) => `     "${line}"`).join('\n');
        return `    {.version = ${versionName(version)},\n     .hex =\n${lines}},\n`;
    });
    return `${header}\nstruct ProxyCode {\n    SafeVersion version;\n    const char *hex;\n};\n\nconstexpr ProxyCode proxyCodes[] = {\n${rows.join('')}};\n`;
}

const files = { 'safecontracttable.inc': contractTable(), 'safeproxycode.inc': proxyCodes() };
let wrong = 0;
for (const [name, text] of Object.entries(files)) {
    const path = join(target, name);
    if (!process.argv.includes('--check')) {
        writeFileSync(path, text);
    } else if (readFileSync(path, 'utf8') !== text) {
        console.error(`${path} is not what the packages say: run node contracts/safedata.mjs`);
        ++wrong;
    }
}
process.exitCode = wrong;
