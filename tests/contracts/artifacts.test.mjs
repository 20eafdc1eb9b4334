import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { readArtifact } from './support/deployment.mjs';
import { contractsRoot, ethers } from './support/packages.mjs';

function check(folder) {
    return spawnSync(process.execPath, [path.join(folder, 'build.mjs'), '--check'], { encoding: 'utf8' });
}

describe('committed artifacts', () => {
    it('are what the sources compile to, byte for byte', () => {
        const result = check(contractsRoot);
        assert.equal(result.status, 0, result.stderr);
    });

    it('carry an ABI that stands alone in contracts/abi too', () => {
        for (const name of ['CantonKeyRegistry', 'CantonDeFiVault', 'TreasuryAdapter']) {
            const abi = JSON.parse(readFileSync(path.join(contractsRoot, 'abi', `${name}.json`), 'utf8'));
            assert.deepEqual(abi, readArtifact(name).abi);
        }
    });

    it('name every immutable that they have a place for', () => {
        const { immutables, immutableReferences } = readArtifact('TreasuryAdapter');
        assert.deepEqual(Object.keys(immutables), Object.keys(immutableReferences));
        assert.deepEqual(Object.values(immutables).map(({ name, type }) => [name, type]).sort(), [
            ['limit', 'uint256'],
            ['vault', 'address'],
        ]);
    });

    it('keep the calls and events that the rest of the project is built on', () => {
        const vault = new ethers.Interface(readArtifact('CantonDeFiVault').abi);
        const registry = new ethers.Interface(readArtifact('CantonKeyRegistry').abi);
        assert.equal(
            vault.getFunction('executeIntent').format(),
            'executeIntent((bytes32,bytes32,bytes32,uint256,bytes,uint256,uint256),bytes)',
        );
        assert.equal(vault.deploy.format('full'), 'constructor(address cantonSigner_, bytes32 authorizedPartyId)');
        assert.equal(
            vault.getEvent('IntentExecuted').format('full'),
            'event IntentExecuted(bytes32 indexed intentId, bytes32 indexed partyId, bytes32 indexed adapterId, '
                + 'uint256 amount, uint256 nonce, bytes result)',
        );
        assert.equal(registry.getFunction('registerKey').format(), 'registerKey(bytes32,address)');
        assert.equal(registry.getFunction('revokeKey').format(), 'revokeKey(bytes32)');
        for (const name of ['KeyRegistered', 'KeyRevoked']) {
            assert.equal(
                registry.getEvent(name).format('full'),
                `event ${name}(bytes32 indexed partyId, address publicKey)`,
            );
        }
    });
});

describe('the check of committed artifacts', () => {
    let folder;

    before(() => {
        folder = mkdtempSync(path.join(tmpdir(), 'countersign-contracts-'));
        for (const name of ['build.mjs', 'package.json', 'solidity', 'artifacts', 'abi']) {
            cpSync(path.join(contractsRoot, name), path.join(folder, name), { recursive: true });
        }
        symlinkSync(path.join(contractsRoot, 'node_modules'), path.join(folder, 'node_modules'));
    });

    after(() => rmSync(folder, { recursive: true, force: true }));

    it('fails, names what is stale, missing or left over, and leaves it as it is', () => {
        const stale = path.join(folder, 'artifacts', 'CantonKeyRegistry.json');
        const changed = readFileSync(stale, 'utf8').replace('"0x6080', '"0x6081');
        writeFileSync(stale, changed);
        rmSync(path.join(folder, 'abi', 'IVaultAdapter.json'));
        writeFileSync(path.join(folder, 'abi', 'Gone.json'), '[]\n');

        const result = check(folder);

        assert.equal(result.status, 1);
        assert.deepEqual(result.stderr.trim().split('\n').slice(0, -1), [
            'abi/Gone.json: nothing in contracts/solidity makes this file',
            'abi/IVaultAdapter.json: missing',
            'artifacts/CantonKeyRegistry.json: differs',
        ]);
        assert.equal(readFileSync(stale, 'utf8'), changed);
    });
});
