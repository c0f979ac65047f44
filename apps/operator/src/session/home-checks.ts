import { annotations, parseQuantity } from '@vdi/api';
import type { PersistentVolumeClaim, StorageClass } from '@vdi/kube';
import { effectiveQuota } from '../user/effective-quota.ts';
import { type Conclusion, hasReason } from './conclusion.ts';
import { classOfNewHome, desiredHomeClaim } from './desired/home-claim.ts';
import { homeHolder } from './home-holder.ts';
import type { SessionInput } from './input.ts';
import type { WantedDesktop, WantedHome } from './wanted-desktop.ts';

type HomeConclusion = Conclusion<'HomeReady'>;
type HomeCheck = (input: SessionInput, home: WantedHome) => HomeConclusion | undefined;

/** Before a claim is touched. In this order: what could cost somebody their files comes first. */
const checksBeforeClaim: readonly HomeCheck[] = [
  claimOfAnother,
  homeLost,
  storageAboveQuota,
  storageClassMissing,
  homeInUse, // last: it passes when the other session ends
];

/** What stands against the home being made or kept so; undefined when nothing does. */
export function homeBlocker(input: SessionInput, { template, home }: WantedDesktop): HomeConclusion | undefined {
  const missing = template.persistence.sharedVolumes.find(({ claimName }) => !input.sharedClaims.has(claimName));
  if (missing !== undefined) {
    return {
      reason: 'SharedVolumeNotFound',
      message: `There is no PersistentVolumeClaim "${missing.claimName}" in namespace "${input.session.metadata.namespace}" for the shared volume "${missing.name}". Create it there, or remove the volume from the template.`,
    };
  }
  if (home === undefined) return undefined;
  for (const check of checksBeforeClaim) {
    const conclusion = check(input, home);
    if (conclusion !== undefined) return conclusion;
  }
  return undefined;
}

/** Whether a Pod may use the home now, once nothing stands against it. */
export function homeReady({ session, home: found, settings }: SessionInput, { home }: WantedDesktop): HomeConclusion {
  if (home === undefined) {
    return { reason: 'NoHomeWanted', message: 'Persistence is switched off: files are gone when the desktop stops.' };
  }
  // One that is not there yet is judged by what it is going to be.
  const claim = found.claim ?? desiredHomeClaim(session, home, found, settings.home);
  if (claim.status?.phase === 'Bound') return boundHome(claim, found.volume?.spec.persistentVolumeReclaimPolicy);
  const storageClass = classOf(claim, found.storageClasses);
  if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer') {
    return {
      reason: 'HomeBindsOnFirstUse',
      message: `Storage class "${storageClass.metadata.name}" provides the volume as soon as the desktop has a node.`,
    };
  }
  return {
    reason: 'HomePending',
    message: `The volume of claim "${home.claimName}" is being provided by storage class "${storageClass?.metadata.name ?? 'unknown'}". If that takes long: kubectl describe pvc ${home.claimName}.`,
  };
}

function boundHome(claim: PersistentVolumeClaim, reclaimPolicy: string | undefined): HomeConclusion {
  const { name } = claim.metadata;
  if (reclaimPolicy === 'Retain')
    return { reason: 'HomeBound', message: `The home is on volume "${claim.spec.volumeName}".` };
  return {
    reason: 'HomeNotRetained',
    message: `Volume "${claim.spec.volumeName}" of claim "${name}" would be deleted with its claim; it is being switched to Retain. If that does not succeed: kubectl patch pv ${claim.spec.volumeName} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'.`,
  };
}

function claimOfAnother({ session, home: { claim } }: SessionInput): HomeConclusion | undefined {
  if (claim === undefined) return undefined;
  const owner = claim.metadata.annotations?.[annotations.user];
  if (owner === session.spec.user) return undefined;
  const whose = owner === undefined ? 'says nobody' : `says "${owner}"`;
  return {
    reason: 'HomeOwnerMismatch',
    message: `Claim "${claim.metadata.name}" ${whose} owns it, not "${session.spec.user}". If it is theirs: kubectl annotate pvc ${claim.metadata.name} ${annotations.user}=${session.spec.user}.`,
  };
}

/** Fails closed: whoever had files never gets an empty home in their place. */
function homeLost(input: SessionInput, { claimName }: WantedHome): HomeConclusion | undefined {
  const { claim, formerVolumes } = input.home;
  const isLost = (why: string): HomeConclusion => ({
    reason: 'HomeLost',
    message: `${why}. No empty home takes its place; an administrator must restore it, or allow a new one.`,
  });
  if (claim === undefined) {
    const [former] = formerVolumes;
    if (former !== undefined) {
      return isLost(
        `Claim "${claimName}" is gone, and its files are still on volume "${former.metadata.name}": create the claim again with spec.volumeName ${former.metadata.name} and remove spec.claimRef.uid of that volume`,
      );
    }
    return wasEverBound(input, claimName) ? isLost(`Claim "${claimName}" existed, was bound, and is gone`) : undefined;
  }
  if (claim.metadata.deletionTimestamp !== undefined) return isLost(`Claim "${claimName}" is being deleted`);
  if (claim.status?.phase === 'Lost') return isLost(`The volume of claim "${claimName}" is gone`);
  const first = claim.metadata.annotations?.[annotations.homeVolume];
  if (first !== undefined && claim.spec.volumeName !== first) {
    return isLost(`Claim "${claimName}" was on volume "${first}" and is not any more`);
  }
  return undefined;
}

function wasEverBound({ session, user }: SessionInput, claimName: string): boolean {
  const isRecorded = user?.status?.homeClaims?.some(
    ({ namespace, name }) => namespace === session.metadata.namespace && name === claimName,
  );
  return (
    isRecorded === true ||
    hasReason(session.status?.conditions, 'HomeReady', 'HomeBound', 'HomeLost', 'HomeNotRetained')
  );
}

function storageAboveQuota(
  { user, settings, home }: SessionInput,
  { sizeBytes }: WantedHome,
): HomeConclusion | undefined {
  const { storage } = effectiveQuota(user, settings.defaultQuota);
  if (storage === undefined || home.claim !== undefined || sizeBytes <= parseQuantity(storage)) return undefined;
  return {
    reason: 'HomePending',
    message: `A home of the size asked for is above the storage quota of ${String(storage)}. Ask for less in spec.persistence.size, or raise the quota.`,
  };
}

function storageClassMissing({ home, settings }: SessionInput, wanted: WantedHome): HomeConclusion | undefined {
  if (home.claim !== undefined) return undefined;
  const name = classOfNewHome(wanted, home.storageClasses, settings.home);
  const exists =
    name === undefined
      ? home.storageClasses.some(isDefault)
      : home.storageClasses.some((one) => one.metadata.name === name);
  if (exists) return undefined;
  return {
    reason: 'StorageClassNotFound',
    message:
      name === undefined
        ? `There is no storage class "${settings.home.storageClassName}", and none is the default of the cluster. Create one, or name one in spec.persistence.storageClassName of the template.`
        : `There is no storage class "${name}". Create it, or name another one in the template or in the VDIUser.`,
  };
}

function homeInUse(input: SessionInput, { claimName }: WantedHome): HomeConclusion | undefined {
  const holder = homeHolder(input, claimName);
  if (holder === undefined) return undefined;
  return {
    reason: 'HomeInUse',
    message: `Session "${holder}" has the home, and a home has one writer at a time. This session starts when that one is suspended or deleted; with spec.persistence.enabled false it would run beside it, without a home.`,
  };
}

const isDefault = ({ metadata }: StorageClass): boolean =>
  metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';

function classOf({ spec }: PersistentVolumeClaim, classes: readonly StorageClass[]): StorageClass | undefined {
  return spec.storageClassName === undefined
    ? classes.find(isDefault)
    : classes.find(({ metadata }) => metadata.name === spec.storageClassName);
}
