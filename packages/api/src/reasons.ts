/** The meaning of a reason, for people and for the reference page. */
export interface ReasonMeaning {
  /** The status that the condition has with this reason. */
  readonly status: 'True' | 'False' | 'Unknown';
  readonly meaning: string;
  /** Nothing more happens until somebody changes something: the session's phase is `Failed`. */
  readonly isFailure?: true;
}

/** What each condition claims when it is true. */
export const conditionMeanings = {
  Accepted: 'The template exists and is usable, the user may use it, and the quota has room.',
  HomeReady: 'The home of the user exists, belongs to the user, and no other session writes to it.',
  Scheduled: 'The Pod of the session has a node.',
  DisplayReady: 'The display container answers and delivers frames.',
  DesktopReady: 'The desktop has opened its first window.',
  Ready: 'The session can be used at its URL. The only condition behind the phase `Running`.',
  UpToDate:
    'The running desktop was built from the present template. A running desktop is never restarted because of a template.',
  NetworkIsolated: 'Other sessions and the machine itself cannot be reached from this session.',
} as const;

export type ConditionType = keyof typeof conditionMeanings;

/** Every reason, by the condition that carries it. */
export const reasons = {
  Accepted: {
    Accepted: { status: 'True', meaning: 'Nothing stands against the session.' },
    TemplateNotFound: {
      status: 'False',
      meaning: 'No VDITemplate has that name. The session starts as soon as one does.',
    },
    TemplateInvalid: {
      status: 'False',
      meaning: 'The template contradicts itself or asks for what the operator does not offer.',
      isFailure: true,
    },
    ImageHasNoDesktop: {
      status: 'False',
      meaning: 'The image of the template is known to hold no desktop; the message names one that does.',
      isFailure: true,
    },
    PodOverlayDenied: {
      status: 'False',
      meaning: 'The pod overlay of the template touches a field that the operator protects.',
      isFailure: true,
    },
    AccessDenied: { status: 'False', meaning: 'The template is not open to this user.', isFailure: true },
    UserInvalid: {
      status: 'False',
      meaning: 'The user name cannot be used, or the VDIUser of that name belongs to somebody else.',
      isFailure: true,
    },
    UserDisabled: { status: 'False', meaning: 'An administrator has disabled the user.', isFailure: true },
    ResourcesAboveMaximum: {
      status: 'False',
      meaning: 'The session asks for more than the template allows.',
      isFailure: true,
    },
    QuotaExceeded: {
      status: 'False',
      meaning: 'The quota of the user is used up. The session starts when another one ends.',
    },
    NamespaceNotAllowed: {
      status: 'False',
      meaning: 'Sessions of this template do not run in this namespace.',
      isFailure: true,
    },
    HostTaken: { status: 'False', meaning: 'No free host name was found for the session yet.' },
    OperatorOverloaded: {
      status: 'False',
      meaning: 'The operator starts few sessions at a time; this one is in the queue.',
    },
  },
  HomeReady: {
    HomeBound: { status: 'True', meaning: 'The home is bound to its volume.' },
    HomeBindsOnFirstUse: { status: 'True', meaning: 'The storage class provides the volume when the Pod has a node.' },
    NoHomeWanted: { status: 'True', meaning: 'Persistence is switched off: files are gone when the desktop stops.' },
    HomePending: { status: 'False', meaning: 'The volume of the home is being provided.' },
    HomeInUse: {
      status: 'False',
      meaning: 'Another session of the user is writing to the home. A home never has two writers.',
    },
    HomeLost: {
      status: 'False',
      meaning: 'The home was bound once and its volume or claim is gone. No empty home takes its place.',
      isFailure: true,
    },
    HomeOwnerMismatch: { status: 'False', meaning: 'The claim of that name belongs to another user.', isFailure: true },
    HomeNotRetained: {
      status: 'False',
      meaning: 'The volume would be deleted with its claim, and could not be switched to Retain yet.',
    },
    StorageClassNotFound: { status: 'False', meaning: 'The storage class does not exist, or none is the default.' },
    SharedVolumeNotFound: {
      status: 'False',
      meaning: 'A shared volume of the template has no claim in this namespace.',
    },
  },
  Scheduled: {
    Scheduled: { status: 'True', meaning: 'A node was chosen.' },
    PodNotCreated: { status: 'False', meaning: 'There is no Pod yet; the other conditions say why.' },
    WaitingForScheduler: { status: 'False', meaning: 'The scheduler has not looked at the Pod yet.' },
    NoGpuSlice: {
      status: 'False',
      meaning: 'No node has enough free GPU slices. The session starts when another one ends.',
    },
    Unschedulable: {
      status: 'False',
      meaning: 'No node fits: CPU, memory, selectors, taints, or the node of the home.',
    },
    AdmissionRefused: {
      status: 'False',
      meaning: 'The API server refused the Pod, for example by Pod Security or a resource quota.',
    },
    NodeRefused: { status: 'False', meaning: 'The chosen node refused the Pod; it is created anew.' },
    NodeLost: {
      status: 'False',
      meaning: 'The node stopped answering; the desktop is created anew when the home is safely free.',
    },
    Suspended: { status: 'False', meaning: 'A suspended session has no Pod.' },
  },
  DisplayReady: {
    DisplayReady: { status: 'True', meaning: 'The display answers and its first frame is encoded.' },
    PodNotRunning: { status: 'False', meaning: 'There is no running Pod.' },
    ImagePulling: { status: 'False', meaning: 'The image of the display is being fetched.' },
    ImagePullFailed: { status: 'False', meaning: 'The image of the display cannot be fetched; it is tried again.' },
    DisplayStarting: { status: 'False', meaning: 'X server and encoder are starting.' },
    DisplayFailed: { status: 'False', meaning: 'The display container ended with an error; it is restarted.' },
    AgentUnreachable: {
      status: 'Unknown',
      meaning: 'The display does not answer the operator; viewers may still be connected.',
    },
    EncoderFailed: { status: 'False', meaning: 'No encoder works, not even in software.' },
    Suspended: { status: 'False', meaning: 'A suspended session has no Pod.' },
  },
  DesktopReady: {
    DesktopReady: { status: 'True', meaning: 'A top-level window is mapped, or the web desktop of the image answers.' },
    PodNotRunning: { status: 'False', meaning: 'There is no running Pod.' },
    ImagePulling: { status: 'False', meaning: 'The image of the template is being fetched.' },
    ImagePullFailed: { status: 'False', meaning: 'The image of the template cannot be fetched; it is tried again.' },
    DesktopStarting: { status: 'False', meaning: 'The desktop runs and has not opened a window yet.' },
    DesktopCrashed: {
      status: 'False',
      meaning: 'The desktop ended with an error; it is started again, with growing pauses.',
    },
    OutOfMemory: { status: 'False', meaning: 'The desktop was killed because it used more memory than its limit.' },
    CommandNotFound: { status: 'False', meaning: 'The command of the template does not exist in its image.' },
    Suspended: { status: 'False', meaning: 'A suspended session has no Pod.' },
  },
  Ready: {
    Ready: { status: 'True', meaning: 'The desktop can be used.' },
    NotAccepted: { status: 'False', meaning: 'See the condition `Accepted`.' },
    HomeNotReady: { status: 'False', meaning: 'See the condition `HomeReady`.' },
    NotScheduled: { status: 'False', meaning: 'See the condition `Scheduled`.' },
    Starting: { status: 'False', meaning: 'Display and desktop are starting.' },
    Restarting: {
      status: 'False',
      meaning: 'The Pod was lost (crash, eviction, node) and a new incarnation is on its way. The home is safe.',
    },
    BackingOff: { status: 'False', meaning: 'The desktop failed several times; the next attempt waits.' },
    StartDeadlineExceeded: {
      status: 'False',
      meaning: 'The desktop was not ready within the start deadline of its template.',
      isFailure: true,
    },
    Suspending: { status: 'False', meaning: 'The desktop is being stopped so that applications can save.' },
    Suspended: { status: 'False', meaning: 'The desktop is stopped; home, host name and route wait for its return.' },
    OutsideSchedule: { status: 'False', meaning: 'The schedule of the template allows no desktop at this hour.' },
    Expired: { status: 'False', meaning: 'The timeout has passed; the session is being deleted. The home stays.' },
    Terminating: { status: 'False', meaning: 'The session is being deleted. The home stays.' },
    CleanupFailed: {
      status: 'False',
      meaning: 'Deleting a child of the session failed; it is tried again, and the finalizer stays until it succeeds.',
    },
  },
  UpToDate: {
    UpToDate: { status: 'True', meaning: 'Template and session have not changed since the desktop started.' },
    TemplateChanged: {
      status: 'False',
      meaning: 'The template changed since the desktop started; suspend and resume to take it over.',
    },
    SessionChanged: {
      status: 'False',
      meaning: 'Resources of the session changed since the desktop started; suspend and resume to take them over.',
    },
  },
  NetworkIsolated: {
    NetworkPolicyApplied: { status: 'True', meaning: 'A NetworkPolicy was in place before the Pod.' },
    OwnNetwork: { status: 'True', meaning: 'The session has a network of its own.' },
    NetworkPolicyNotEnforced: {
      status: 'False',
      meaning: 'The cluster accepts NetworkPolicies and does not enforce them.',
    },
    SharedNetwork: { status: 'False', meaning: 'The container engine cannot give the session a network of its own.' },
    Unverified: { status: 'Unknown', meaning: 'Whether the cluster enforces NetworkPolicies has not been tried.' },
  },
} as const satisfies Readonly<Record<ConditionType, Readonly<Record<string, ReasonMeaning>>>>;

/** The reasons that a condition may carry. */
export type ReasonOf<Type extends ConditionType> = keyof (typeof reasons)[Type];

/** Every reason of every condition. */
export type Reason = { [Type in ConditionType]: ReasonOf<Type> }[ConditionType];

/** The meaning of a stored reason, or undefined where a newer operator wrote one that we do not know. */
export function meaningOf(type: string, reason: string): ReasonMeaning | undefined {
  const byReason: Readonly<Record<string, ReasonMeaning>> | undefined = Object.hasOwn(reasons, type)
    ? reasons[type as ConditionType]
    : undefined;
  return byReason !== undefined && Object.hasOwn(byReason, reason) ? byReason[reason] : undefined;
}
