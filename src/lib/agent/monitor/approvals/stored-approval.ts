import type { Approval } from '../../../protocol';

/**
 * How far a decision has come: `held` (taken, and can be undone), `taken` (written down, to be
 * delivered), `sending` (an event may be on its way), `delivered`. `none` while nobody has decided,
 * or when the wait ended by itself.
 */
export type Delivery = 'none' | 'held' | 'taken' | 'sending' | 'delivered';

/** An approval as its Agent keeps it; `wait` is the engine's name of the wait. */
export type StoredApproval = { approval: Approval; wait: string; delivery: Delivery };
