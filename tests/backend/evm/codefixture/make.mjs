// Compiles Treasury.sol with the compiler that contracts/package-lock.json pins, and writes its output in the forms of the
// tools that people use. Run it after a change of the source: node tests/backend/evm/codefixture/make.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const solc = createRequire(path.join(here, '../../../../contracts/build.mjs'))('solc');
const source = readFileSync(path.join(here, 'Treasury.sol'), 'utf8');
const file = 'src/Treasury.sol';

function compile(content, metadata, selection) {
    const input = {
        language: 'Solidity',
        sources: { [file]: { content } },
        settings: { evmVersion: 'cancun', optimizer: { enabled: true, runs: 200 }, metadata, outputSelection: { '*': { '': ['ast'], '*': selection } } },
    };
    const output = JSON.parse(solc.compile(JSON.stringify(input)));
    if (output.errors) throw new Error(output.errors.map((entry) => entry.formattedMessage).join('\n'));
    return output;
}

const write = (name, value) => writeFileSync(path.join(here, name), `${JSON.stringify(value, null, 1)}\n`);
const code = ['evm.bytecode.object', 'evm.bytecode.linkReferences', 'evm.deployedBytecode.object', 'evm.deployedBytecode.linkReferences', 'evm.deployedBytecode.immutableReferences'];
const output = compile(source, {}, ['abi', 'metadata', ...code]);

// What the tests read of the syntax tree.
function declarations(node) {
    if (Array.isArray(node)) return node.flatMap(declarations);
    if (node === null || typeof node !== 'object') return [];
    const own = node.mutability === 'immutable' ? [{ id: node.id, mutability: node.mutability, name: node.name, nodeType: node.nodeType, typeDescriptions: node.typeDescriptions }] : [];
    return [...own, ...Object.values(node).flatMap(declarations)];
}
const ast = { nodeType: 'SourceUnit', nodes: declarations(output.sources[file].ast) };
write('standard-output.json', { contracts: output.contracts, sources: { [file]: { id: 0, ast } } });
write('hardhat3-output.json', { _format: 'hh3-sol-build-info-output-1', id: 'solc-0_8_37', output: { contracts: output.contracts, sources: { [file]: { id: 0, ast } } } });

const hex = (object) => `0x${object}`;
for (const [name, contract] of Object.entries(output.contracts[file])) {
    const { bytecode, deployedBytecode } = contract.evm;
    write(`foundry-${name}.json`, {
        abi: contract.abi,
        bytecode: { object: hex(bytecode.object), sourceMap: '', linkReferences: bytecode.linkReferences },
        deployedBytecode: { object: hex(deployedBytecode.object), sourceMap: '', linkReferences: deployedBytecode.linkReferences, immutableReferences: deployedBytecode.immutableReferences },
        methodIdentifiers: {},
        rawMetadata: contract.metadata,
        metadata: JSON.parse(contract.metadata),
        ast,
        id: 0,
    });
}
const treasury = output.contracts[file].Treasury;
write('hardhat3-Treasury.json', {
    _format: 'hh3-artifact-1',
    contractName: 'Treasury',
    sourceName: file,
    abi: treasury.abi,
    bytecode: hex(treasury.evm.bytecode.object),
    deployedBytecode: hex(treasury.evm.deployedBytecode.object),
    linkReferences: treasury.evm.bytecode.linkReferences,
    deployedLinkReferences: treasury.evm.deployedBytecode.linkReferences,
    immutableReferences: treasury.evm.deployedBytecode.immutableReferences,
    inputSourceName: `project/${file}`,
    buildInfoId: 'solc-0_8_37',
});

// The same instructions behind other metadata; other instructions.
const variants = {
    comment: compile(`${source}// another comment\n`, {}, code),
    none: compile(source, { bytecodeHash: 'none' }, code),
    bzzr1: compile(source, { bytecodeHash: 'bzzr1' }, code),
    absent: compile(source, { appendCBOR: false }, code),
    changed: compile(source.replace('amount, 200', 'amount, 201'), {}, code),
};
write('variants.json', Object.fromEntries(Object.entries(variants).map(([name, built]) => [name, built]).map(([name, built]) => {
    const of = (contract) => built.contracts[file][contract].evm;
    return [name, Object.fromEntries(['Treasury', 'Pocket', 'Shares'].map((contract) => [contract, {
        creation: of(contract).bytecode.object, runtime: of(contract).deployedBytecode.object }]))];
})));
