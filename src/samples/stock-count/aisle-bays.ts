// Stands in for a hand scanner: the contents of an aisle follow from its name, so the same aisle
// always gives the same count and a test knows the sum.
import { hash } from './hash';

/** Aisles are parts of run ids and event types: letters, digits and dashes. */
export const AISLE = /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;

/** How many bays an aisle has: 3 to 5. */
export function baysOf(aisle: string): number {
	return 3 + (hash(aisle) % 3);
}

/** The units in one bay, counted from 1: 20 to 119. */
export function unitsInBay(aisle: string, bay: number): number {
	return 20 + (hash(`${aisle}/${bay}`) % 100);
}
