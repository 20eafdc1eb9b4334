// A chain with a Safe of the three holders given, a key registry and a vault that both belong to it: what the tests of the approval
// flows work on. Prints one line of JSON when it stands, and ends with its standard input. Arguments: the holders, and a chain id
// where it is not anvil's own.

import { Anvil } from '../../contracts/support/anvil.mjs';
import { send } from '../../contracts/support/deployment.mjs';
import { deployPipeline, treasuryDesk } from '../../contracts/support/intents.mjs';
import { ethers } from '../../contracts/support/packages.mjs';
import { createSafe, deploySafeContracts } from '../../contracts/support/safe.mjs';

const nonceSlot = ethers.toBeHex(5, 32);
const richEnough = ethers.toQuantity(ethers.parseEther('10'));

const holders = process.argv.slice(2).filter((argument) => argument.startsWith('0x'));
const chainId = process.argv.slice(2).find((argument) => !argument.startsWith('0x'));
const anvil = await Anvil.start(chainId ? { chainId: Number(chainId) } : {});
process.stdin.resume();
process.stdin.on('end', () => anvil.stop().then(() => process.exit(0)));

const deployer = anvil.account(0);
await deploySafeContracts(deployer);
const safe = await createSafe(deployer, holders, 2n);
const { registry, vault, keys } = await deployPipeline(anvil, deployer);
await anvil.provider.send('anvil_setBalance', [safe.target, richEnough]);
await anvil.provider.send('anvil_impersonateAccount', [safe.target]);
const asSafe = await anvil.provider.getSigner(safe.target);
for (const contract of [registry, vault]) {
    await send(contract, 'transferOwnership', safe.target);
    await send(contract.connect(asSafe), 'acceptOwnership');
}
await anvil.provider.send('anvil_stopImpersonatingAccount', [safe.target]);
// Two nonces are used up, so that there is one that is stale.
await anvil.provider.send('anvil_setStorageAt', [safe.target, nonceSlot, ethers.toBeHex(2, 32)]);
for (const holder of holders) await anvil.provider.send('anvil_setBalance', [holder, richEnough]);
await anvil.provider.send('anvil_mine', ['0x1']);

console.log(JSON.stringify({
    url: anvil.url,
    chainId: Number(anvil.chainId),
    safe: safe.target,
    registry: registry.target,
    vault: vault.target,
    party: treasuryDesk,
    key: keys.treasuryDesk.address,
}));
