import type { Approval } from '../../../protocol';

/**
 * How far a decision has come: `held` (made, and can still be undone), `taken` (final, to be
 * delivered), `sending` (an event may be on its way), `delivered`. `none` while there is no decision,
 * or when the wait ended without one.
 */
export type Delivery = 'none' | 'held' | 'taken' | 'sending' | 'delivered';

/** An approval as its Agent stores it; `wait` is the name of the wait in the engine. */
export type StoredApproval = { approval: Approval; wait: string; delivery: Delivery };
