import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Anvil } from './support/anvil.mjs';
import { assertReverts, eventsOf, mined, send } from './support/deployment.mjs';
import { deployPipeline, makeIntent, marketMaking, signIntent, treasuryDesk } from './support/intents.mjs';
import { ethers } from './support/packages.mjs';
import { createSafe, deploySafeContracts, safeCall, safeContracts, signedBy } from './support/safe.mjs';

describe('A Safe 1.4.1 of three holders, two of whom must sign', () => {
    let anvil;
    let deployer;
    let holders;
    let alice;
    let bob;
    let carol;
    let safe;
    let pipeline;

    before(async () => {
        anvil = await Anvil.start();
        deployer = anvil.account(0);
        [alice, bob, carol] = [1, 2, 3].map((index) => anvil.account(index));
        holders = [alice, bob, carol];
        await deploySafeContracts(deployer);
        safe = await createSafe(deployer, holders.map((holder) => holder.address), 2n);
        pipeline = await deployPipeline(anvil, deployer);
        for (const contract of [pipeline.registry, pipeline.vault]) {
            await send(contract, 'transferOwnership', safe.target);
            await execute(contract, 'acceptOwnership', [], [alice, bob]);
        }
    });
    after(() => anvil?.stop());

    beforeEach(() => anvil.restart());

    async function prepared(contract, method, args, signers) {
        const call = await safeCall(safe, contract.target, contract.interface.encodeFunctionData(method, args));
        return signedBy(safe, call, signers);
    }

    async function execute(contract, method, args, signers) {
        return send(safe, 'execTransaction', ...await prepared(contract, method, args, signers));
    }

    async function assertSafeRefuses(args, reason) {
        await assert.rejects(safe.execTransaction.staticCall(...args), (error) => {
            assert.equal(error.reason, reason);
            return true;
        });
        const sent = await safe.execTransaction(...args, { gasLimit: 1_000_000n });
        assert.equal((await mined(sent)).status, 0);
    }

    it('is the same code at the same address as on public chains', async () => {
        assert.equal(await safe.VERSION(), '1.4.1');
        assert.equal(
            ethers.keccak256(await anvil.provider.getCode(safeContracts.SafeL2.address)),
            '0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff',
        );
        assert.equal(
            ethers.keccak256(await anvil.provider.getCode(safe.target)),
            '0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c',
        );
        assert.deepEqual([...await safe.getOwners()], holders.map((holder) => holder.address));
        assert.equal(await safe.getThreshold(), 2n);
    });

    it('owns the registry and the vault, having accepted both', async () => {
        assert.equal(await pipeline.registry.owner(), safe.target);
        assert.equal(await pipeline.vault.owner(), safe.target);
        assert.equal(await safe.nonce(), 2n);
    });

    it('revokes a key, which stops the intents of that party and of no other', async () => {
        const { registry, vault, adapter, keys } = pipeline;
        const intent = await makeIntent(anvil, { nonce: 1n });
        const signature = await signIntent(keys.treasuryDesk, vault, anvil.chainId, intent);

        const receipt = await execute(registry, 'revokeKey', [treasuryDesk], [bob, carol]);

        assert.deepEqual(eventsOf(receipt, registry), [['KeyRevoked', treasuryDesk, keys.treasuryDesk.address]]);
        assert.deepEqual(eventsOf(receipt, safe).map(([name]) => name), ['SafeMultiSigTransaction', 'ExecutionSuccess']);
        assert.equal(await registry.cantonPartyToKey(treasuryDesk), ethers.ZeroAddress);
        await assertReverts(vault, 'executeIntent', [intent, signature], 'KeyNotRegistered', [treasuryDesk]);

        const other = await makeIntent(anvil, { partyId: marketMaking, nonce: 2n });
        const otherSignature = await signIntent(keys.marketMaking, vault, anvil.chainId, other);
        await send(vault, 'executeIntent', other, otherSignature);
        assert.equal(await adapter.allocationCount(), 1n);
    });

    it('does nothing for one holder alone', async () => {
        await assertSafeRefuses(await prepared(pipeline.registry, 'revokeKey', [treasuryDesk], [alice]), 'GS020');
        await assertSafeRefuses(
            await prepared(pipeline.registry, 'revokeKey', [treasuryDesk], [alice, alice]),
            'GS026',
        );
        assert.notEqual(await pipeline.registry.cantonPartyToKey(treasuryDesk), ethers.ZeroAddress);
    });

    it('does nothing with the signature of somebody who is no holder', async () => {
        const stranger = anvil.account(8);
        const args = await prepared(pipeline.registry, 'revokeKey', [treasuryDesk], [alice, stranger]);
        await assertSafeRefuses(args, 'GS026');
        assert.notEqual(await pipeline.registry.cantonPartyToKey(treasuryDesk), ethers.ZeroAddress);
    });

    it('does not carry out the same signatures twice', async () => {
        const { registry, keys } = pipeline;
        const args = await prepared(registry, 'revokeKey', [treasuryDesk], [alice, bob]);
        await send(safe, 'execTransaction', ...args);
        await execute(registry, 'registerKey', [treasuryDesk, keys.treasuryDesk.address], [alice, bob]);
        await assertSafeRefuses(args, 'GS026');
        assert.equal(await registry.cantonPartyToKey(treasuryDesk), keys.treasuryDesk.address);
    });

    it('fails as a whole when there is no key to revoke', async () => {
        const nonce = await safe.nonce();
        const args = await prepared(pipeline.registry, 'revokeKey', [ethers.id('nobody')], [alice, bob]);
        await assertSafeRefuses(args, 'GS013');
        assert.equal(await safe.nonce(), nonce);
    });

    it('leaves its holders and the deployer no way around it', async () => {
        for (const account of [deployer, ...holders]) {
            await assertReverts(
                pipeline.registry.connect(account), 'revokeKey', [treasuryDesk], 'OwnableUnauthorizedAccount',
                [account.address],
            );
            await assertReverts(
                pipeline.vault.connect(account), 'pause', [], 'OwnableUnauthorizedAccount', [account.address],
            );
        }
    });
});
