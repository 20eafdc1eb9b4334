import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Anvil } from './support/anvil.mjs';
import { assertReverts, deploy, eventsOf, readArtifact, send } from './support/deployment.mjs';
import { ethers } from './support/packages.mjs';

describe('TreasuryAdapter', () => {
    const limit = 500n;
    const intentId = ethers.id('intent');
    let anvil;
    let vault;
    let adapter;

    before(async () => {
        anvil = await Anvil.start();
        vault = anvil.account(0);
    });
    after(() => anvil?.stop());

    beforeEach(async () => {
        adapter = await deploy('TreasuryAdapter', vault, vault.address, limit);
    });

    it('allocates up to its limit and keeps the sum', async () => {
        const data = '0xc0ffee';
        assert.equal(
            await adapter.execute.staticCall(intentId, limit, data),
            ethers.AbiCoder.defaultAbiCoder().encode(['uint256'], [limit]),
        );
        const receipt = await send(adapter, 'execute', intentId, limit, data);
        assert.deepEqual(eventsOf(receipt, adapter), [
            ['Allocated', intentId, limit, limit, ethers.keccak256(data)],
        ]);
        await send(adapter, 'execute', ethers.id('another'), 20n, '0x');
        assert.equal(await adapter.allocated(intentId), limit);
        assert.equal(await adapter.totalAllocated(), limit + 20n);
        assert.equal(await adapter.allocationCount(), 2n);
    });

    it('refuses an amount above its limit and keeps its books', async () => {
        await assertReverts(adapter, 'execute', [intentId, limit + 1n, '0x'], 'LimitExceeded', [limit + 1n, limit]);
        assert.equal(await adapter.totalAllocated(), 0n);
        assert.equal(await adapter.allocationCount(), 0n);
    });

    it('serves its vault only', async () => {
        const stranger = anvil.account(1);
        const asStranger = adapter.connect(stranger);
        await assertReverts(asStranger, 'execute', [intentId, 1n, '0x'], 'CallerNotVault', [stranger.address]);
    });

    it('cannot be deployed without a vault', async () => {
        const { abi, bytecode } = readArtifact('TreasuryAdapter');
        const factory = new ethers.ContractFactory(abi, bytecode, vault);
        await assert.rejects(factory.deploy(ethers.ZeroAddress, limit), (error) => {
            assert.equal(new ethers.Interface(abi).parseError(error.data)?.name, 'InvalidVault');
            return true;
        });
    });
});
