// Compiles contracts/solidity and writes what the rest of the project reads of it:
//
//   artifacts/<Name>.json       a deployable contract: ABI, creation and runtime code, positions of immutables, storage layout
//   artifacts/test/<Name>.json  the same for contracts that only tests deploy
//   artifacts/build-info.json   compiler version and its complete standard JSON input: all that is needed to build it again
//   abi/<Name>.json             the bare ABI of a contract or interface
//
//   node contracts/build.mjs            writes
//   node contracts/build.mjs --check    writes nothing; lists every file that differs from what would be written, exit code 1
//
// Everything that decides over the output is pinned: compiler and libraries by package-lock.json, settings below. Names of
// sources are relative to the project, so that the output does not depend on where it is checked out.
//
// The same package.json also pins what the practice network and the tests run on. After `npm ci --prefix contracts`:
//
//   anvil:
//     contracts/node_modules/.bin/anvil, a link to node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil
//   It prints "Listening on <address>:<port>" with the real port, also for --port 0. The package of the program is named
//   directly and not by its front @foundry-rs/anvil: that one starts the program as a child of a Node script, which leaves
//   it behind when killed, and its lock entry would need the packages of every other platform.
//
//   Safe 1.4.1. Its addresses on public chains come from these artifacts, salt 0 and the deployer
//   0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7, which anvil lacks; anvil's own 0x4e59b44847b379578588920cA78FbF26c0B4956C is
//   the same code, so anvil_setCode can put it there. tests/contracts/support/safe.mjs does so and names the addresses.
//     contracts/node_modules/@safe-global/safe-contracts/build/artifacts/contracts/
//       SafeL2.sol/SafeL2.json
//       proxies/SafeProxyFactory.sol/SafeProxyFactory.json
//       handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json
//       libraries/MultiSend.sol/MultiSend.json
//       libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json
//       libraries/CreateCall.sol/CreateCall.json

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const sourcePrefix = 'contracts/solidity/';
const testPrefix = `${sourcePrefix}test/`;
const modulePrefix = '@openzeppelin/';

const settings = {
    // Cancun is on every chain that vaults are deployed to, and the reentrancy guard needs its transient storage.
    evmVersion: 'cancun',
    optimizer: { enabled: true, runs: 200 },
    metadata: { bytecodeHash: 'ipfs', appendCBOR: true },
    remappings: [],
};

const outputSelection = {
    '*': {
        '': ['ast'],
        '*': [
            'abi',
            'evm.bytecode.object',
            'evm.bytecode.linkReferences',
            'evm.deployedBytecode.object',
            'evm.deployedBytecode.linkReferences',
            'evm.deployedBytecode.immutableReferences',
            'storageLayout',
        ],
    },
};

class BuildError extends Error {}

function loadCompiler() {
    try {
        return createRequire(import.meta.url)('solc');
    } catch {
        throw new BuildError('contracts/node_modules is missing or incomplete: run `npm ci --prefix contracts` first');
    }
}

function readSource(name) {
    const file = name.startsWith(sourcePrefix)
        ? path.join(root, 'solidity', name.slice(sourcePrefix.length))
        : path.join(root, 'node_modules', name);
    // A checkout with other line ends must not change the metadata hash.
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
}

function ownSources(folder = '') {
    return readdirSync(path.join(root, 'solidity', folder), { withFileTypes: true }).flatMap((entry) => {
        const relative = path.posix.join(folder, entry.name);
        if (entry.isDirectory()) return ownSources(relative);
        return entry.name.endsWith('.sol') ? [sourcePrefix + relative] : [];
    });
}

// Lets the compiler ask for what is imported, so that the final input holds every source and needs no look-up.
function collectSources(solc) {
    const sources = new Map(ownSources().map((name) => [name, { content: readSource(name) }]));
    const findImport = (name) => {
        if (!name.startsWith(sourcePrefix) && !name.startsWith(modulePrefix)) {
            return { error: `${name} is neither ours nor of a pinned library` };
        }
        try {
            const contents = readSource(name);
            sources.set(name, { content: contents });
            return { contents };
        } catch (error) {
            return { error: error.message };
        }
    };
    const input = {
        language: 'Solidity',
        sources: Object.fromEntries(sources),
        settings: { outputSelection: {} },
    };
    failOnDiagnostics(JSON.parse(solc.compile(JSON.stringify(input), { import: findImport })));
    return Object.fromEntries([...sources].sort(([left], [right]) => (left < right ? -1 : 1)));
}

// A warning in our own sources is an error. A library may keep its warnings: we cannot change it.
function failOnDiagnostics(output) {
    const isOurs = (entry) => entry.severity === 'error' || !entry.sourceLocation?.file.startsWith(modulePrefix);
    const diagnostics = (output.errors ?? []).filter(isOurs);
    if (diagnostics.length > 0) {
        throw new BuildError(diagnostics.map((entry) => entry.formattedMessage).join('\n'));
    }
}

// The compiler names immutables by the id of their declaration only; a reader of code on a chain needs name and type.
function immutableDeclarations(output) {
    const found = new Map();
    const visit = (node, contract) => {
        if (node === null || typeof node !== 'object') return;
        if (Array.isArray(node)) {
            node.forEach((child) => visit(child, contract));
            return;
        }
        const owner = node.nodeType === 'ContractDefinition' ? node.name : contract;
        if (node.nodeType === 'VariableDeclaration' && node.mutability === 'immutable') {
            found.set(String(node.id), { name: node.name, type: node.typeDescriptions.typeString, contract: owner });
        }
        Object.values(node).forEach((child) => visit(child, owner));
    };
    Object.values(output.sources).forEach((source) => visit(source.ast, undefined));
    return found;
}

function artifact(contractName, sourceName, contract, compiler, declarations) {
    const { bytecode, deployedBytecode } = contract.evm;
    const immutableReferences = deployedBytecode.immutableReferences ?? {};
    return {
        contractName,
        sourceName,
        compiler,
        abi: contract.abi,
        bytecode: `0x${bytecode.object}`,
        deployedBytecode: `0x${deployedBytecode.object}`,
        linkReferences: bytecode.linkReferences,
        immutableReferences,
        immutables: Object.fromEntries(Object.keys(immutableReferences).map((id) => [id, declarations.get(id)])),
        storageLayout: contract.storageLayout,
    };
}

function toText(value) {
    return `${JSON.stringify(value, null, 2)}\n`;
}

// Every file of the output by its path below contracts/.
function build() {
    const solc = loadCompiler();
    const input = {
        language: 'Solidity',
        sources: collectSources(solc),
        settings: { ...settings, outputSelection },
    };
    const output = JSON.parse(solc.compile(JSON.stringify(input)));
    failOnDiagnostics(output);

    const solcLongVersion = solc.version().replace(/\.Emscripten\.clang$/, '');
    const compiler = {
        name: 'solc',
        version: solcLongVersion,
        evmVersion: settings.evmVersion,
        optimizer: settings.optimizer,
    };
    const declarations = immutableDeclarations(output);
    const files = new Map();
    files.set(
        'artifacts/build-info.json',
        toText({ solcVersion: solcLongVersion.split('+')[0], solcLongVersion, input }),
    );
    for (const [sourceName, contracts] of Object.entries(output.contracts)) {
        if (!sourceName.startsWith(sourcePrefix)) continue;
        const forTests = sourceName.startsWith(testPrefix);
        for (const [contractName, contract] of Object.entries(contracts)) {
            if (!forTests) files.set(`abi/${contractName}.json`, toText(contract.abi));
            if (contract.evm.bytecode.object === '') continue;
            files.set(
                `artifacts/${forTests ? 'test/' : ''}${contractName}.json`,
                toText(artifact(contractName, sourceName, contract, compiler, declarations)),
            );
        }
    }
    return files;
}

function existingFiles(folder) {
    if (!existsSync(path.join(root, folder))) return [];
    return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
        const relative = path.posix.join(folder, entry.name);
        return entry.isDirectory() ? existingFiles(relative) : [relative];
    });
}

function staleFiles(files) {
    return [...existingFiles('artifacts'), ...existingFiles('abi')].filter((name) => !files.has(name));
}

function differences(files) {
    const found = staleFiles(files).map((name) => `${name}: nothing in contracts/solidity makes this file`);
    for (const [name, text] of files) {
        const file = path.join(root, name);
        if (!existsSync(file)) {
            found.push(`${name}: missing`);
        } else if (!readFileSync(file).equals(Buffer.from(text))) {
            found.push(`${name}: differs`);
        }
    }
    return found.sort();
}

function write(files) {
    for (const name of staleFiles(files)) rmSync(path.join(root, name));
    for (const [name, text] of files) {
        const file = path.join(root, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
    }
}

function main(options) {
    const unknown = options.filter((option) => option !== '--check');
    if (unknown.length > 0) throw new BuildError(`unknown option ${unknown[0]}; known: --check`);
    const files = build();
    if (!options.includes('--check')) {
        write(files);
        console.log(`wrote ${files.size} files`);
        return 0;
    }
    const found = differences(files);
    found.forEach((line) => console.error(line));
    if (found.length > 0) {
        console.error('run `node contracts/build.mjs` and commit the result');
        return 1;
    }
    console.log(`${files.size} files are what contracts/solidity compiles to`);
    return 0;
}

try {
    process.exitCode = main(process.argv.slice(2));
} catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
}
